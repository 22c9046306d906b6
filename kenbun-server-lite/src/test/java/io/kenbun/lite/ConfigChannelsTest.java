package io.kenbun.lite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.json.JsonException;
import io.kenbun.lite.model.Channel;
import io.kenbun.lite.webhook.AddressGuard;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels of a configuration file: read, refused, and brought in line start by start. */
class ConfigChannelsTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String START = "{'org_units':[{'unit_id':'unit_default','channels':[";

  @TempDir Path directory;

  private static ConfigFile parse(String json) throws JsonException {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return ConfigFile.parse(bytes, new AddressGuard(false));
  }

  @Test
  void eachTypeIsTaken() throws Exception {
    List<Channel> channels =
        parse(
                START
                    + "{'id':'c1','name':'S','type':'slack','config':{'channel_id':'C1'}},"
                    + "{'name':'T','type':'teams','config':{'webhook_url':'https://a.example/',"
                    + "'channel_name':'x'}},"
                    + "{'name':'W','type':'webhook','config':{'url':'https://a.example/',"
                    + "'auth_header':'Bearer t','signing_secret':'"
                    + SECRET
                    + "'}},"
                    + "{'name':'E','type':'email','config':{'recipients':'a@b.c'}}]}]}")
            .channels()
            .get("unit_default");
    assertEquals("c1", channels.get(0).id());
    assertEquals(
        List.of(
            new Channel.Slack("C1", ""),
            new Channel.Teams("https://a.example/", "x"),
            new Channel.Webhook("https://a.example/", "Bearer t", SECRET),
            new Channel.Email("a@b.c", "")),
        channels.stream().map(Channel::config).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'type':'slack','config':{'channel_id':'C'} | text of 1 to 200 characters expected: nothing at C.name
          'name':'a','config':{} | text of 1 to 200 characters expected: nothing at C.type
          'name':'a','type':'sms','config':{} | one of slack, teams, webhook, email expected: "sms" at C.type
          'name':'a','type':'slack' | an object expected: nothing at C.config
          'name':'a','type':'slack','config':[] | an object expected: a list at C.config
          'name':'a','type':'slack','config':{'url':'x'} | unknown key, allowed are channel_id, channel_name at C.config.url
          'name':'a','type':'slack','config':{} | text of 1 to 1024 characters expected: nothing at C.config.channel_id
          'name':'a','type':'email','config':{} | text of 1 to 10000 characters expected: nothing at C.config.recipients
          'name':'a','type':'teams','config':{'webhook_url':'ftp://a.example/'} | a URL for webhooks expected, and this one is no http or https URL at C.config.webhook_url
          'name':'a','type':'webhook','config':{'url':'http://u:p@a.example/'} | a URL for webhooks expected, and this one holds a user name or a password at C.config.url
          'name':'a','type':'webhook','config':{'url':'http://169.254.169.254/'} | a URL for webhooks expected, and this one leads to an address that is not public; --allow-private-webhooks would allow it at C.config.url
          'name':'a','type':'webhook','config':{'url':'http://a.example/','auth_header':'a\\nb'} | visible ASCII and spaces expected at C.config.auth_header
          'name':'a','type':'webhook','config':{'url':'http://a.example/','signing_secret':'top'} | a signing secret expected, and this one does not start with whsec_ at C.config.signing_secret
          'name':'a','type':'slack','config':{'channel_id':'C'}},{'name':'a' | twice in the list: "a" at $.org_units[0].channels[1].name
          'name':'a','kind':'slack' | unknown key, allowed are id, name, type, config at C.kind
          """)
  void namesThePathAndWhatIsAllowed(String fields, String message) {
    ConfigException wrong =
        assertThrows(ConfigException.class, () -> parse(START + "{" + fields + "}]}]}"));
    assertEquals(message.replace("C.", "$.org_units[0].channels[0]."), wrong.getMessage());
  }

  @Test
  void aTriggerNamesAChannelOfTheFile() {
    ConfigException wrong =
        assertThrows(
            ConfigException.class,
            () ->
                parse(
                    "{'org_units':[{'unit_id':'a','surge_triggers':[{'name':'b','threshold':1,"
                        + "'window_seconds':1,'channel_id':'gone'}]}]}"));
    assertEquals(
        "the id of one of the unit's channels in the file expected: \"gone\" at"
            + " $.org_units[0].surge_triggers[0].channel_id",
        wrong.getMessage());
  }

  @Test
  void startByStartNothingComesTwiceAndSecretsStay() throws Exception {
    String url = "'url':'http://127.0.0.1:9/hook'";
    Path file = directory.resolve("kenbun.json");
    String triggers =
        "'triggers':[{'name':'Hot','score_threshold':5,'channel_id':'ops'}],"
            + "'sequences':[{'name':'S','event_types':['A'],'window_seconds':1,'channel_id':'ops'}],"
            + "'surge_triggers':[{'name':'U','threshold':1,'window_seconds':1,'channel_id':'ops'}]}]}";
    String other = "{'name':'Team','type':'slack','config':{'channel_id':'C1'}}";
    String secret = ",'auth_header':'Bearer t','signing_secret':'" + SECRET + "'";
    for (String more : List.of(secret, "")) {
      String ops = "{'id':'ops','name':'Ops','type':'webhook','config':{" + url + more + "}},";
      write(file, START + ops + other + "]," + triggers);
      try (KenbunLite server = start(file)) {
        Api api = new Api(server.url()).activate("unit_default");
        String channels = api.get("/notification-channels").body();
        List<?> all = (List<?>) Api.tree(channels);
        assertEquals(2, all.size(), channels);
        assertEquals("ops", ((Map<?, ?>) all.get(0)).get("id"));
        assertTrue(
            channels.contains("\"has_auth_header\":true,\"has_signing_secret\":true"), channels);
        assertEquals(
            ((Map<?, ?>) all.get(0)).get("created_at"), ((Map<?, ?>) all.get(0)).get("updated_at"));
        for (String kind : List.of("triggers", "sequences", "surge-triggers")) {
          List<?> list = (List<?>) api.object("/" + kind).get(kind.replace('-', '_'));
          assertEquals(1, list.size());
          assertEquals("ops", ((Map<?, ?>) list.get(0)).get("channel_id"));
        }
      }
    }
    write(file, START + "{'id':'ops','name':'Ops','type':'slack','config':{'channel_id':'C'}}]}]}");
    ConfigException wrong = assertThrows(ConfigException.class, () -> start(file));
    assertEquals(
        file + ": the type of a channel cannot be changed: \"ops\" is webhook", wrong.getMessage());
  }

  private static void write(Path file, String json) throws IOException {
    Files.writeString(file, json.replace('\'', '"'));
  }

  private KenbunLite start(Path file) throws IOException {
    return TestLite.at(directory.resolve("data")).config(file).start();
  }
}
