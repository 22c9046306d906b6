/**
 * What stands behind the ports of {@code pipeline}, and the reads of the HTTP API. Only here and in
 * the packages below is SQL known. {@link io.kenbun.lite.store.Store} is the seam: the rest of the
 * server asks it, and never which engine it is.
 *
 * <pre>
 *              sqlite                         postgres                 copy (knows both)
 *                │ two files, one writer         │ one database,          backup, check, move to the other
 *                │ at a time                     │ any number of nodes
 *                └───────────────┬───────────────┘
 *                                v
 *                              Store             who may call, shares, watches; everything else by what it is about:
 *             ┌──────────┬───────┴───┬─────────────────┐
 *             v          v           v                 v
 *           reads     scoring    configuration       queue        one transaction's reads and writes: scoring
 *             │          │           │                 │
 *             └────┬─────┴────┬──────┘                 │
 *                  v          v                        │
 *                leads      firing                     │
 *                  └─────┬────┘                        │
 *                        v                             │
 *                       row  &lt;─────────────────────────┘          how a row, or one column of it, is written
 *                        v
 *                       sql                                       the two dialects, transactions, statements
 * </pre>
 *
 * <p>No arrow goes up, and {@code sqlite} and {@code postgres} do not know each other: a test holds
 * that. What an engine does its own way it does by overriding {@code Store}, {@code sql.Database},
 * {@code sql.ReadConnections} or {@code leads.LeadLookup}; where only a word of SQL differs, {@code
 * sql.Dialect} has it. The tables of both are in {@code schema/*.sql}.
 */
@NullMarked
package io.kenbun.lite.store;

import org.jspecify.annotations.NullMarked;
