/**
 * What fires when a lead's score or events say so: milestones, sequences and surges, whom they
 * tell, and what has fired ({@code scoring.md} 9).
 */
@NullMarked
package io.kenbun.lite.http.triggers;

import org.jspecify.annotations.NullMarked;
