/**
 * Leads, their events and their scores: read, explained, shared, tried out, and changed by people.
 *
 * <p>A class for each group of calls, eleven of them, put in a table by {@link
 * io.kenbun.lite.http.leads.LeadRoutes}; the other five are what several of them read or write
 * alike ({@code Scores}, {@code Span}, {@code LeadFilters}, {@code Explanation}, {@code PathUnit}).
 */
@NullMarked
package io.kenbun.lite.http.leads;

import org.jspecify.annotations.NullMarked;
