/** What of a ranking is measured: 1 is perfect. */
export interface RankingMeasure {
  /** Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen, 2002). */
  readonly ndcg10: number;
  /** One over the rank of the first result of the highest grade. */
  readonly reciprocalRank: number;
}

/**
 * Measures one ranking.
 *
 * @param found keys, best first.
 * @param grades of what is relevant; what is missing has 0. Where nothing is, an empty answer is
 *   perfect and any other is worth nothing.
 */
export function measureRanking(
  found: readonly string[],
  grades: Readonly<Record<string, number>>,
): RankingMeasure {
  const ideal = Object.values(grades).sort((a, b) => b - a);
  const best = ideal[0];
  if (best === undefined) {
    const perfect = found.length === 0 ? 1 : 0;
    return { ndcg10: perfect, reciprocalRank: perfect };
  }
  const first = found.findIndex((key) => grades[key] === best);
  return {
    ndcg10: gain(found.map((key) => grades[key] ?? 0)) / gain(ideal),
    reciprocalRank: first === -1 ? 0 : 1 / (first + 1),
  };
}

function gain(grades: readonly number[]): number {
  return grades
    .slice(0, 10)
    .reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);
}
