package io.kenbun.examples;

import io.kenbun.client.Credentials;
import io.kenbun.client.KenbunClient;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * One client for a Spring or Spring Boot application, from its properties {@code kenbun.url},
 * {@code kenbun.client-id}, {@code kenbun.client-secret} and {@code kenbun.org-unit}.
 */
@Configuration(proxyBeanMethods = false)
public final class SpringConfiguration {
  /**
   * Closed with the context, after the beans that use it: what is queued is delivered then, for at
   * most ten seconds. Spring has a shutdown hook, so the client needs none.
   */
  @Bean(destroyMethod = "close")
  public KenbunClient kenbun(
      @Value("${kenbun.url}") String url,
      @Value("${kenbun.client-id}") String clientId,
      @Value("${kenbun.client-secret}") String clientSecret,
      @Value("${kenbun.org-unit}") String orgUnit) {
    return KenbunClient.builder()
        .baseUrl(url)
        .credentials(Credentials.basic(clientId, clientSecret))
        .orgUnit(orgUnit)
        .shutdownHook(false)
        .build();
  }
}
