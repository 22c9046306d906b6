/**
 * What people set up, as it is kept: units, rulesets, levels, filters, triggers, profiles. {@link
 * io.kenbun.lite.store.configuration.Configuration} is the door; behind it a class for each group
 * of tables, which is why these are many; {@link io.kenbun.lite.store.configuration.Setups} reads
 * and writes all of them as one. Knows no engine.
 */
@NullMarked
package io.kenbun.lite.store.configuration;

import org.jspecify.annotations.NullMarked;
