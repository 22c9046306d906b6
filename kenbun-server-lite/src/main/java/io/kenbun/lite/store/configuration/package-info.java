/**
 * What people set up, as it is kept: units, rulesets, levels, filters, triggers, profiles. {@link
 * io.kenbun.lite.store.configuration.Configuration} is the door; behind it a class for each group
 * of tables, which is why these are thirteen. Knows no engine.
 */
@NullMarked
package io.kenbun.lite.store.configuration;

import org.jspecify.annotations.NullMarked;
