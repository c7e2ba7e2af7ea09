package io.vitrine.console.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrettyJsonTest {
  @Test
  void aMemberALineAndListsOfPlainValuesOnOne() {
    assertThat(
            PrettyJson.of(
                "{\"leader\":2,\"isr\":[2,1],\"none\":{},\"deep\":{\"a\":[{\"b\":null}]}}"))
        .isEqualTo(
            """
            {
              "leader": 2,
              "isr": [2,1],
              "none": {},
              "deep": {
                "a": [
                  {
                    "b": null
                  }
                ]
              }
            }\
            """);
  }

  @Test
  void whatStandsInTextsIsNoJson() {
    assertThat(PrettyJson.of("{\"a\":\"x, {\\\"}[:\"}"))
        .isEqualTo("{\n  \"a\": \"x, {\\\"}[:\"\n}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "TOPIC:t1", "{\"a\":1", "{}}", "[\"open", "{\"a\":\"x"})
  void whatIsNoJsonStaysAsItIs(String text) {
    assertThat(PrettyJson.of(text)).isEqualTo(text);
  }

  @Test
  void onlyWhiteSpaceIsChanged() {
    String json = "{\"version\":5,\"endpoints\":[\"PLAINTEXT://127.0.0.1:9092\"],\"f\":{}}";
    assertThat(PrettyJson.of(json).replaceAll("\\s", "")).isEqualTo(json);
  }
}
