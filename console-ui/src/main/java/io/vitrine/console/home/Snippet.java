package io.vitrine.console.home;

/** How clients of one kind are pointed at the cluster. */
enum Snippet {
  KCAT("kcat", "kcat -b {} -t orders -C -o -10 -e"),
  TOOLS(
      "kafka-*.sh",
      "kafka-console-consumer.sh --bootstrap-server {} --topic orders --from-beginning"),
  JAVA("Java", "properties.put(\"bootstrap.servers\", \"{}\");"),
  PYTHON("Python", "Consumer({\"bootstrap.servers\": \"{}\", \"group.id\": \"mine\"})"),
  GO("Go", "kgo.NewClient(kgo.SeedBrokers(strings.Split(\"{}\", \",\")...))"),
  SPRING("Spring", "spring.kafka.bootstrap-servers={}");

  private final String title;
  private final String pattern;

  Snippet(String title, String pattern) {
    this.title = title;
    this.pattern = pattern;
  }

  /** The client's own name, the same in every language. */
  String title() {
    return title;
  }

  /** The line for these addresses. */
  String line(String bootstrapServers) {
    return pattern.replace("{}", bootstrapServers);
  }
}
