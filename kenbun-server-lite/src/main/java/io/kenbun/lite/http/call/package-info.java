/**
 * One request on its way: what it asks, how its body is read, how it is answered or refused, and
 * who is told. It knows no endpoint.
 */
@NullMarked
package io.kenbun.lite.http.call;

import org.jspecify.annotations.NullMarked;
