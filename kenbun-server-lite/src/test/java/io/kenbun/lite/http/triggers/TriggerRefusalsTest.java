package io.kenbun.lite.http.triggers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kenbun.lite.http.TestServer;
import io.kenbun.lite.http.configuration.SetupCaller;
import io.kenbun.lite.model.RuleSetup;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each field of a trigger on the wrong side of its limit, with nothing kept of what came with it,
 * and on the right one. In the tables ' stands for ", {@code #200} for two hundred letters, {@code
 * *20} for twenty texts, {@code @50} for fifty addresses.
 */
class TriggerRefusalsTest {
  private static final Pattern LETTERS = Pattern.compile("#(\\d+)");
  private static final Pattern TEXTS = Pattern.compile("\\*(\\d+)");
  private static final Pattern ADDRESSES = Pattern.compile("@(\\d+)");

  private static final Map<String, String> required =
      Map.of(
          "/triggers", "'name':'a','score_threshold':5",
          "/sequences", "'name':'a','event_types':['A'],'window_seconds':60",
          "/surge-triggers", "'name':'a','threshold':5,'window_seconds':60");
  private static final Map<String, String> ids = new HashMap<>();
  private static TestServer server;
  private static SetupCaller dev;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer();
    dev = new SetupCaller(server);
    dev.made("/engagement-levels", "{'name':'Hot','min_score':0}");
    dev.made("/profile-levels", "{'name':'Fit','min_score':0}");
    for (Map.Entry<String, String> kind : required.entrySet()) {
      ids.put(kind.getKey(), dev.madeId(kind.getKey(), "{" + kind.getValue() + "}"));
    }
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String put(String text) {
    String result = LETTERS.matcher(text).replaceAll(m -> "x".repeat(Integer.parseInt(m.group(1))));
    result = TEXTS.matcher(result).replaceAll(m -> times("'A'", m.group(1)));
    return ADDRESSES.matcher(result).replaceAll(m -> times("'a@b.c'", m.group(1)));
  }

  private static String times(String one, String count) {
    return String.join(",", Collections.nCopies(Integer.parseInt(count), one));
  }

  private static RuleSetup setup() {
    return server.rules.current().setup(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /triggers | {'score_threshold':5} | missing_field | name | name is required
          /triggers | {'name':'a'} | missing_field | score_threshold | score_threshold is required
          /triggers | {'name':'','score_threshold':5} | invalid_field | name | name has less than 1 or more than 200 characters: 0
          /triggers | {'name':'#201','score_threshold':5} | invalid_field | name | name has less than 1 or more than 200 characters: 201
          /triggers | {'name':'a','score_threshold':'5'} | invalid_field | score_threshold | score_threshold is not a number: a string
          /triggers | {'name':'a','score_threshold':5.5} | invalid_field | score_threshold | score_threshold is no whole number: 5.5
          /triggers | {'name':'a','score_threshold':1000000001} | invalid_field | score_threshold | score_threshold < -1000000000 or > 1000000000: 1000000001
          /triggers | {'name':'a','score_threshold':-1000000001} | invalid_field | score_threshold | score_threshold < -1000000000 or > 1000000000: -1000000001
          /sequences | {'event_types':['A'],'window_seconds':60} | missing_field | name | name is required
          /sequences | {'name':'a','window_seconds':60} | missing_field | event_types | event_types is required
          /sequences | {'name':'a','event_types':null,'window_seconds':60} | missing_field | event_types | event_types is required
          /sequences | {'name':'a','event_types':'A','window_seconds':60} | invalid_field | event_types | event_types is not an array: a string
          /sequences | {'name':'a','event_types':['A']} | missing_field | window_seconds | window_seconds is required
          /surge-triggers | {'threshold':5,'window_seconds':60} | missing_field | name | name is required
          /surge-triggers | {'name':'a','window_seconds':60} | missing_field | threshold | threshold is required
          /surge-triggers | {'name':'a','threshold':5} | missing_field | window_seconds | window_seconds is required
          """)
  void whatMustBeThereIsMissed(String path, String body, String code, String field, String error)
      throws Exception {
    RuleSetup before = setup();
    dev.refused("POST", path, put(body)).is(400, code, field).says(error);
    assertEquals(before, setup());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /triggers | 'event_type':'' | event_type | event_type has less than 1 or more than 200 characters: 0
          /triggers | 'event_type':'#201' | event_type | event_type has less than 1 or more than 200 characters: 201
          /triggers | 'event_type':1 | event_type | event_type is not a string: a number
          /triggers | 'fire_mode':'twice' | fire_mode | fire_mode is none of once, always: "twice"
          /triggers | 'fire_mode':'ONCE' | fire_mode | fire_mode is none of once, always: "ONCE"
          /triggers | 'fire_mode':1 | fire_mode | fire_mode is not a string: a number
          /triggers | 'cooldown_seconds':-1 | cooldown_seconds | cooldown_seconds < 0 or > 31536000: -1
          /triggers | 'cooldown_seconds':31536001 | cooldown_seconds | cooldown_seconds < 0 or > 31536000: 31536001
          /triggers | 'ruleset_id':7 | ruleset_id | ruleset_id is not a string: a number
          /triggers | 'engagement_level':'Cold' | engagement_level | engagement_level is the name of no level: "Cold"
          /triggers | 'profile_level':'Hot' | profile_level | profile_level is the name of no level: "Hot"
          /triggers | 'account_level':'Big' | account_level | account_level is the name of no level: "Big"
          /triggers | 'notify_on_exit':1 | notify_on_exit | notify_on_exit is not a boolean: a number
          /triggers | 'active':'yes' | active | active is not a boolean: a string
          /sequences | 'event_types':[] | event_types | event_types has less than 1 or more than 20 elements: 0
          /sequences | 'event_types':[*21] | event_types | event_types has less than 1 or more than 20 elements: 21
          /sequences | 'event_types':['A',''] | event_types[1] | event_types[1] has less than 1 or more than 200 characters: 0
          /sequences | 'event_types':['A','#201'] | event_types[1] | event_types[1] has less than 1 or more than 200 characters: 201
          /sequences | 'event_types':['A',7] | event_types[1] | event_types[1] is not a string: a number
          /sequences | 'event_types':['A',null] | event_types[1] | event_types[1] is not a string: null
          /sequences | 'window_seconds':0 | window_seconds | window_seconds < 1 or > 31536000: 0
          /sequences | 'window_seconds':31536001 | window_seconds | window_seconds < 1 or > 31536000: 31536001
          /sequences | 'window_seconds':0.5 | window_seconds | window_seconds is no whole number: 0.5
          /sequences | 'window_unit':'' | window_unit | window_unit has less than 1 or more than 50 characters: 0
          /sequences | 'window_unit':'#51' | window_unit | window_unit has less than 1 or more than 50 characters: 51
          /sequences | 'ordered':'true' | ordered | ordered is not a boolean: a string
          /surge-triggers | 'event_type':'#201' | event_type | event_type has less than 1 or more than 200 characters: 201
          /surge-triggers | 'threshold':0 | threshold | threshold < 1 or > 10000: 0
          /surge-triggers | 'threshold':10001 | threshold | threshold < 1 or > 10000: 10001
          /surge-triggers | 'window_seconds':0 | window_seconds | window_seconds < 1 or > 31536000: 0
          /surge-triggers | 'window_seconds':-1 | window_seconds | window_seconds < 1 or > 31536000: -1
          /surge-triggers | 'window_seconds':31536001 | window_seconds | window_seconds < 1 or > 31536000: 31536001
          """)
  void aFieldOutOfRangeIsRefusedWithAllThatCameWithIt(
      String path, String field, String name, String error) throws Exception {
    refused(path, field, name, error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'webhook_url':''                     | webhook_url | webhook_url has less than 1 or more than 2048 characters: 0
          'webhook_url':'http://a.example/#2032' | webhook_url | webhook_url has less than 1 or more than 2048 characters: 2049
          'webhook_url':7                      | webhook_url | webhook_url is not a string: a number
          'webhook_url':'example.com'          | webhook_url | webhook_url is no http or https URL
          'webhook_url':'/hook'                | webhook_url | webhook_url is no http or https URL
          'webhook_url':'ftp://a.example/'     | webhook_url | webhook_url is no http or https URL
          'webhook_url':'file:///etc/passwd'   | webhook_url | webhook_url is no http or https URL
          'webhook_url':'javascript:alert(1)'  | webhook_url | webhook_url is no http or https URL
          'webhook_url':'https://'             | webhook_url | webhook_url is no http or https URL
          'webhook_url':'https://u:p@a.example/' | webhook_url | webhook_url holds a user name or a password
          'webhook_url':'https://u@a.example/' | webhook_url | webhook_url holds a user name or a password
          'signing':true                       | signing | signing signs nothing without a webhook_url
          'webhook_url':'http://169.254.169.254/latest/meta-data/' | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://[::ffff:169.254.169.254]/' | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://127.0.0.1:8080/'  | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://localhost/'       | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://10.1.2.3/'        | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://192.168.1.1/'     | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://[::1]/'           | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://[fd00::1]/'       | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://2852039166/'      | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'webhook_url':'http://[::ffff:a9fe:a9fe]/'        | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://[64:ff9b::169.254.169.254]/' | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://[fe80::1]/'                 | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://0.0.0.0/'                   | webhook_url | webhook_url leads to an address that is not public; --allow-private-webhooks would allow it
          'webhook_url':'http://0251.0376.0251.0376/'       | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'webhook_url':'http://0xa9fea9fe/'                | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'webhook_url':'http://0xa9.0xfe.0xa9.0xfe/'       | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'webhook_url':'http://169.16689662/'              | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'webhook_url':'http://0x7f.1/'          | webhook_url | webhook_url has a host that is a number and no address of four decimal parts
          'signing_secret':'whsec_AAAA'           | signing_secret | signing_secret signs nothing without a webhook_url
          'webhook_url':'http://a.example/','signing_secret':'s3cret'     | signing_secret | signing_secret does not start with whsec_
          'webhook_url':'http://a.example/','signing_secret':'whsec_!'    | signing_secret | signing_secret is not base64 after whsec_
          'webhook_url':'http://a.example/','signing_secret':'whsec_AAAA' | signing_secret | signing_secret has less than 24 or more than 64 bytes: 3
          'webhook_url':'http://a.example/','signing':'yes'    | signing | signing is not a boolean: a string
          'notify_owner':1                     | notify_owner | notify_owner is not a boolean: a number
          'emails':'a@b.c'                     | emails | emails is not an array: a string
          'emails':[@51]                       | emails | emails has less than 0 or more than 50 elements: 51
          'emails':['a@b.c','a']               | emails[1] | emails[1] is no e-mail address
          'emails':['a@b.c, d@e.f']            | emails[0] | emails[0] is no e-mail address
          'emails':['#250@b.cd']               | emails[0] | emails[0] has less than 1 or more than 254 characters: 255
          'email_subject':'#501'               | email_subject | email_subject has less than 1 or more than 500 characters: 501
          'email_preheader':'#501'             | email_preheader | email_preheader has less than 1 or more than 500 characters: 501
          'email_message':'#10001'             | email_message | email_message has less than 1 or more than 10000 characters: 10001
          """)
  void wrongDestinationsAreRefusedByAllKinds(String field, String name, String error)
      throws Exception {
    for (String path : required.keySet()) {
      refused(path, field, name, error);
    }
  }

  @ParameterizedTest
  @CsvSource({"ruleset_id, no such ruleset", "channel_id, no such notification channel"})
  void whatIsNamedAndNotThereIsNotFound(String field, String error) throws Exception {
    String body = "{" + required.get("/triggers") + ",'" + field + "':'gone'}";
    dev.refused("POST", "/triggers", body).is(404, "not_found", field).says(error);
  }

  private static void refused(String path, String field, String name, String error)
      throws Exception {
    RuleSetup before = setup();
    String values = required.get(path);
    // Whatever stands last in a body counts, and a key that repeats is refused: leave it out.
    String own = values.replaceAll(",'" + name.replaceAll("\\[.*", "") + "':[^,]*", "");
    dev.refused("POST", path, put("{" + own + "," + field + "}"))
        .is(400, "invalid_field", name)
        .says(error);
    dev.refused("PUT", path + "/" + ids.get(path), put("{'name':'changed'," + field + "}"))
        .is(400, "invalid_field", name)
        .says(error);
    assertEquals(before, setup());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /triggers       | 'score_threshold':1000000000
          /triggers       | 'score_threshold':-1000000000
          /triggers       | 'score_threshold':0
          /triggers       | 'name':'#200'
          /triggers       | 'event_type':'#200'
          /triggers       | 'cooldown_seconds':31536000
          /triggers       | 'cooldown_seconds':0
          /triggers       | 'engagement_level':'Hot'
          /triggers       | 'profile_level':'Fit'
          /triggers       | 'account_level':null
          /sequences      | 'event_types':[*20]
          /sequences      | 'event_types':['#200']
          /sequences      | 'window_seconds':1
          /sequences      | 'window_seconds':31536000
          /sequences      | 'window_unit':'#50'
          /surge-triggers | 'threshold':1
          /surge-triggers | 'threshold':10000
          /surge-triggers | 'window_seconds':1
          /surge-triggers | 'window_seconds':31536000
          /triggers       | 'webhook_url':'http://a.example/#2031'
          /triggers       | 'webhook_url':'HTTPS://a.example:8443/x?y=z'
          /triggers       | 'emails':[@50]
          /triggers       | 'emails':['#249@b.cd']
          /triggers       | 'email_subject':'#500','email_preheader':'#500'
          /triggers       | 'email_message':'#10000'
          """)
  void whatIsJustInRangeIsTaken(String path, String field) throws Exception {
    String fresh = dev.madeId(path, "{" + required.get(path) + "}");
    HttpResponse<String> answer = dev.send("PUT", path + "/" + fresh, put("{" + field + "}"));
    assertTrue(answer.statusCode() == 200 || answer.statusCode() == 204, answer.body());
  }
}
