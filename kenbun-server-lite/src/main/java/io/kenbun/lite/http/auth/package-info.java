/**
 * Who calls and for which unit: credentials, the cookie of the active unit, and their endpoints.
 *
 * <p>The endpoints stay with it, so that how secrets are hashed, issued and guessed at ({@code
 * SecretHash}, {@code Issued}, {@code FailedLogins}) is nobody else's to know.
 */
@NullMarked
package io.kenbun.lite.http.auth;

import org.jspecify.annotations.NullMarked;
