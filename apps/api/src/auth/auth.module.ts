import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { MongooseModule } from '@nestjs/mongoose';
import { PassportModule } from '@nestjs/passport';
import { SseModule } from '../common/sse/sse.module.js';
import { AppConfig } from '../config/app-config.js';
import { LeftoversModule } from '../leftovers/leftovers.module.js';
import { AccessTokens, JWT_ALGORITHM, JWT_SECRET } from './access-tokens.js';
import { AccountDeletion } from './account-deletion.service.js';
import { AccountController } from './account.controller.js';
import { AccountsService } from './accounts.service.js';
import { AuthController } from './auth.controller.js';
import { AuthService } from './auth.service.js';
import { DemoUsers } from './demo-users.js';
import { DevicesController } from './devices.controller.js';
import { DevicesService } from './devices.service.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { LoginAttemptRecord, LoginAttemptSchema } from './login-attempt.schema.js';
import { LoginAttemptsRepository } from './login-attempts.repository.js';
import { LoginThrottle } from './login-throttle.js';
import { Passwords } from './passwords.js';
import { RefreshRotation } from './refresh-rotation.js';
import { RefreshTokenRecord, RefreshTokenSchema } from './refresh-token.schema.js';
import { RefreshTokensRepository } from './refresh-tokens.repository.js';
import { RevocationRecord, RevocationSchema } from './revocation.schema.js';
import { Revocations } from './revocations.js';
import { RevocationsRepository } from './revocations.repository.js';
import { UserRecord, UserSchema } from './user.schema.js';
import { UsersRepository } from './users.repository.js';

/** Users and their logins; closes every route of the application that `@Public()` does not open. */
@Module({})
export class AuthModule {
  /** @param jwtSecret signs access tokens; the same in every process of one deployment. */
  static forRoot(jwtSecret: string): DynamicModule {
    return {
      module: AuthModule,
      imports: [
        MongooseModule.forFeature([
          { name: UserRecord.name, schema: UserSchema },
          { name: RefreshTokenRecord.name, schema: RefreshTokenSchema },
          { name: LoginAttemptRecord.name, schema: LoginAttemptSchema },
          { name: RevocationRecord.name, schema: RevocationSchema },
        ]),
        LeftoversModule,
        PassportModule,
        SseModule,
        JwtModule.registerAsync({
          inject: [AppConfig],
          useFactory: (config: AppConfig) => ({
            secret: jwtSecret,
            signOptions: { algorithm: JWT_ALGORITHM, expiresIn: config.accessTokenSeconds },
          }),
        }),
      ],
      controllers: [AuthController, AccountController, DevicesController],
      providers: [
        { provide: JWT_SECRET, useValue: jwtSecret },
        { provide: APP_GUARD, useClass: JwtAuthGuard },
        AccessTokens,
        AccountDeletion,
        AccountsService,
        AuthService,
        DemoUsers,
        DevicesService,
        JwtStrategy,
        LoginAttemptsRepository,
        LoginThrottle,
        Passwords,
        RefreshRotation,
        RefreshTokensRepository,
        Revocations,
        RevocationsRepository,
        UsersRepository,
      ],
    };
  }
}
