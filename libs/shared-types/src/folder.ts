/** What a folder can be marked with; the page gives each its shade in either theme. */
export const FOLDER_COLORS = [
  'gray',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
] as const;

export type FolderColor = (typeof FOLDER_COLORS)[number];

/** A folder of sessions and of other folders. */
export interface Folder {
  _id: string;
  user_id: string;
  name: string;
  /** The folder that holds it, or null at the top. */
  parent_id: string | null;
  color: FolderColor | null;
  /** Its place among the folders with the same parent, from 0 without gaps. */
  position: number;
  /** How many live sessions are right in it. */
  session_count: number;
  created_at: string;
  updated_at: string;
}

export interface CreateFolderRequest {
  /** 1 to 100 characters after trimming. */
  name: string;
  /** At the top when absent or null. It becomes the last of its parent. */
  parent_id?: string | null;
  color?: FolderColor | null;
}

/** At least one member; what is absent stays as it is. */
export interface UpdateFolderRequest {
  name?: string;
  parent_id?: string | null;
  color?: FolderColor | null;
  /** The place among its siblings; the last where it is beyond them. */
  position?: number;
}
