/**
 * The server as one starts it: {@link io.kenbun.lite.KenbunLite} puts the parts together, {@link
 * io.kenbun.lite.Main} is the process around it. Nothing imports this package but the test kit.
 *
 * <pre>
 * command line, environment ──&gt; Main ──&gt; KenbunLite.Builder ──&gt; KenbunLite: ServerParts
 *   ServeOptions, LimitOptions, LogOptions                         ├─ Callers      who may call
 * kenbun.json ──&gt; ConfigFile ──&gt; Config…  one class for each ──&gt;  ├─ RuleSource   whose rules: the file's, or the store's
 *                 ConfigNode   thing that a unit has               ├─ Workers      the threads that score and tidy up
 *                 (values with their path, for what is wrong)      ├─ store, webhook
 *                                                                  └─ http         last: then it takes requests
 * </pre>
 *
 * <p>The file's classes are most of it. They stay here, since what they make is wired here and
 * known nowhere else.
 */
@org.jspecify.annotations.NullMarked
package io.kenbun.lite;
