/**
 * Leads, their events and their scores: read, explained, shared, tried out, and changed by people.
 */
@NullMarked
package io.kenbun.lite.http.leads;

import org.jspecify.annotations.NullMarked;
