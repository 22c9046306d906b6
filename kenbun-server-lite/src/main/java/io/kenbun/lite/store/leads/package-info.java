/**
 * Leads as rows, with their scores, names and event types, and what one node keeps of them in
 * memory. Scoring writes them with this, questions read them with it.
 */
@NullMarked
package io.kenbun.lite.store.leads;

import org.jspecify.annotations.NullMarked;
