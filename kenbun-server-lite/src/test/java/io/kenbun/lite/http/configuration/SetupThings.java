package io.kenbun.lite.http.configuration;

import io.kenbun.lite.http.TestServer;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server on which one of each thing is set up, and how tables of calls name them: ' stands for ",
 * {@code #200} for two hundred letters, {@code $level} for the id of one that is there, {@code
 * *field50} or {@code *key50} for fifty conditions.
 */
final class SetupThings implements AutoCloseable {
  private static final Pattern LETTERS = Pattern.compile("#(\\d+)");
  private static final Pattern CONDITIONS = Pattern.compile("\\*(field|key)(\\d+)");

  private final Map<String, String> ids = new HashMap<>();
  private final TestServer server = new TestServer();
  private final SetupCaller dev = new SetupCaller(server);

  SetupThings() throws Exception {
    dev.made(
        "/rules",
        "{'ruleset_id':'rs_main','event_type':'Webinar','weight':3,'start_date':'2026-02-01',"
            + "'attribute_filters':[{'field':'a','operator':'equals','value':'1'},"
            + "{'field':'b','operator':'is_empty'}]}");
    ids.put("$decay", dev.madeId("/decays", "{'name':'Idle','points':-5,'interval_days':7}"));
    ids.put(
        "$filter",
        dev.madeId(
            "/metadata-filters",
            "{'name':'Bots','conditions':[{'key':'ua','operator':'contains','value':'bot'}]}"));
    ids.put(
        "$velocity",
        dev.madeId(
            "/inorganic-filters",
            "{'event_type':'Page View','count_threshold':5,'window_ms':1000}"));
    ids.put(
        "$cold", dev.madeId("/engagement-levels", "{'name':'Cold','min_score':0,'max_score':24}"));
    ids.put("$hot", dev.madeId("/engagement-levels", "{'name':'Hot','min_score':50}"));
    ids.put("$fit", dev.madeId("/profile-levels", "{'name':'Fit','min_score':0}"));
    ids.put(
        "$mapping",
        dev.madeId("/profile-mappings", "{'metadata_key':'title','profile_field':'job'}"));
    ids.put("$profile", dev.madeId("/profile-scoring/rulesets", "{'name':'ICP'}"));
    dev.made("/profile-scoring/rulesets", "{'name':'Taken','active':false}");
    ids.put(
        "$fitrule",
        dev.madeId(
            put("/profile-scoring/rulesets/$profile/rules"),
            "{'profile_field':'job','operator':'contains','value':'VP','weight':20}"));
  }

  TestServer server() {
    return server;
  }

  /** Returns who made them. */
  SetupCaller dev() {
    return dev;
  }

  /** Returns a text of a table as it is sent. */
  String put(String text) {
    String result = text;
    for (Map.Entry<String, String> id : ids.entrySet()) {
      result = result.replace(id.getKey(), id.getValue());
    }
    result = LETTERS.matcher(result).replaceAll(m -> "x".repeat(Integer.parseInt(m.group(1))));
    return CONDITIONS
        .matcher(result)
        .replaceAll(
            m -> {
              String one = "{'" + m.group(1) + "':'a','operator':'is_empty'}";
              List<String> all = Collections.nCopies(Integer.parseInt(m.group(2)), one);
              return Matcher.quoteReplacement(String.join(",", all));
            });
  }

  /** Calls as {@code dev}: method, blank, path. */
  HttpResponse<String> send(String call, @Nullable String body) throws Exception {
    int blank = call.indexOf(' ');
    String path = put(call.substring(blank + 1));
    return dev.send(call.substring(0, blank), path, body == null ? null : put(body));
  }

  @Override
  public void close() {
    server.close();
  }
}
