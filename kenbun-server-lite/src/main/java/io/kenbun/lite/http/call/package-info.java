/**
 * One request on its way: what it asks, how its body is read, how it is answered or refused, and
 * who is told. It knows no endpoint.
 *
 * <pre>
 *   in   Call: Body, JsonBody, Query, Credential            limits  HttpLimits, BodyBudget, InFlight
 *   out  Problem, ReadAnswer (tag, 304, gzip), StaticFiles  told    Watch ─&gt; Metrics, Histogram; RejectedRequests
 *   which handler: Routes, NotSupported
 * </pre>
 *
 * <p>Most of these know {@code Call} and are known to it, which is why they are one package.
 */
@NullMarked
package io.kenbun.lite.http.call;

import org.jspecify.annotations.NullMarked;
