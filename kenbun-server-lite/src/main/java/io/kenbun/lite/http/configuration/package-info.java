/**
 * What is set up: rulesets, rules, levels, filters, mappings, decay and settings, each a {@link
 * io.kenbun.lite.http.configuration.Resource} changed through {@link
 * io.kenbun.lite.http.configuration.RuleChanges}. A class for each kind of thing, eleven kinds.
 */
@NullMarked
package io.kenbun.lite.http.configuration;

import org.jspecify.annotations.NullMarked;
