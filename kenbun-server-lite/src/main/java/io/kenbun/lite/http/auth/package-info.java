/**
 * Who calls and for which unit: credentials, the cookie of the active unit, and their endpoints.
 */
@NullMarked
package io.kenbun.lite.http.auth;

import org.jspecify.annotations.NullMarked;
