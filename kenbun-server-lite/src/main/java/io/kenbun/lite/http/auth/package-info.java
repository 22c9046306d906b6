/**
 * Who calls and for which unit: credentials, the cookie of the active unit, and their endpoints.
 *
 * <p>Nothing that touches a secret is public outside of it but {@link
 * io.kenbun.lite.http.auth.Auth} and {@link io.kenbun.lite.http.auth.IssuedCredentials}, so that
 * the endpoints stay here too.
 */
@NullMarked
package io.kenbun.lite.http.auth;

import org.jspecify.annotations.NullMarked;
