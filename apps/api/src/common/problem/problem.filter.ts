import { PROBLEM_MEDIA_TYPE } from '@chat/shared-types';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouteTable } from '../http/route-table.js';
import { ProblemException } from './problem.exception.js';
import { toProblem } from './to-problem.js';

/** Turns every error into a problem document; the log keeps what a client must not see. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for errors that arise before NestJS sees the request. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const path = pathOf(request.url);
    let problem = toProblem(error) ?? new ProblemException('internal-error', { cause: error });
    if (problem.code === 'unknown-route') {
      problem = this.unknownRoute(request.method, path, problem);
    }
    if (problem.getStatus() >= 500) {
      this.logger.error({ requestId: request.id, err: problem.cause ?? problem }, problem.message);
    }
    if (reply.sent) return;
    void reply
      .status(problem.getStatus())
      .headers(problem.headers)
      .header('Content-Type', PROBLEM_MEDIA_TYPE)
      .header('Cache-Control', 'no-store')
      .send(JSON.stringify(problem.toProblem(path)));
  }

  /** 405 where only the method is wrong; a route that took it and found nothing stays a 404. */
  private unknownRoute(method: string, path: string, problem: ProblemException): ProblemException {
    const methods = this.routes.methodsOf(path);
    if (methods.length === 0 || methods.includes(method)) return problem;
    return new ProblemException('method-not-allowed', { headers: { Allow: methods.join(', ') } });
  }
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
