package io.vitrine.cluster.compat;

import io.vitrine.cluster.client.ClientJourney;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Unchanged clients of several languages on one cluster. */
final class Clients {
  private static final long SECONDS = 60;
  private static final int LINES = 100;

  private final CheckedCluster cluster;
  private final Consumer<Row> rows;

  /**
   * @param rows hears each row when it is done
   */
  Clients(CheckedCluster cluster, Consumer<Row> rows) {
    this.cluster = cluster;
    this.rows = rows;
  }

  /**
   * Kafka's own client for Java.
   *
   * @param jars its class path
   */
  void kafkaClients(String version, String jars) throws Exception {
    String prefix = "java-" + version;
    List<String> command =
        with(
            Program.java(ownClasses() + File.pathSeparator + jars, ClientJourney.class.getName()),
            cluster.bootstrap(),
            prefix);
    Journey.of("kafka-clients", version, command, Map.of()).forEach(rows);
  }

  /** kafkajs, when npm has put it there. */
  void kafkaJs(Path modules, Path script) throws Exception {
    if (!Files.isDirectory(modules.resolve("kafkajs"))) {
      rows.accept(Row.missing("kafkajs", "", "npm install kafkajs"));
      return;
    }
    Map<String, String> where = Map.of("NODE_PATH", modules.toAbsolutePath().toString());
    List<String> command = List.of("node", script.toString(), cluster.bootstrap(), "kafkajs");
    Journey.of("kafkajs", "", command, where).forEach(rows);
  }

  /** python3-kafka, from its unpacked package or as installed. */
  void python(Path unpacked, Path script) throws Exception {
    Path interpreter = Path.of("/usr/bin/python3");
    String python = Files.isExecutable(interpreter) ? interpreter.toString() : "python3";
    Map<String, String> where =
        Map.of(
            "PYTHONPATH",
            unpacked.resolve("usr/lib/python3/dist-packages").toAbsolutePath().toString());
    if (!there(List.of(python, "-c", "import kafka"), where)) {
      rows.accept(Row.missing("python3-kafka", "", "Debian: apt install python3-kafka"));
      return;
    }
    List<String> command = List.of(python, script.toString(), cluster.bootstrap(), "python");
    Journey.of("python3-kafka", "", command, where).forEach(rows);
  }

  /** kcat, when it is installed. */
  void kcat(String topic) throws Exception {
    if (!there(List.of("kcat", "-V"), Map.of())) {
      rows.accept(Row.missing("kcat", "", "Debian: apt install kcat"));
      return;
    }
    String told = Program.run(List.of("kcat", "-V"), Map.of(), "", SECONDS).output();
    Matcher version = Pattern.compile("Version (\\S+)").matcher(told);
    String its = version.find() ? version.group(1) : "";
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < LINES; i++) {
      lines.append("key-").append(i).append(":line-").append(i).append('\n');
    }
    String input = lines.toString();
    kcat(its, "metadata", "", "3 brokers:", "-L", "-t", topic);
    kcat(
        its,
        "idempotent producer, gzip",
        input,
        "",
        "-P",
        "-t",
        topic,
        "-K",
        ":",
        "-z",
        "gzip",
        "-X",
        "enable.idempotence=true");
    kcat(
        its,
        "consumer of all partitions",
        "",
        "key-99 line-99",
        "-C",
        "-t",
        topic,
        "-o",
        "beginning",
        "-e",
        "-f",
        "%k %s\\n");
    kcat(its, "offset by time", "", "\\[0\\] offset 0", "-Q", "-t", topic + ":0:1");
    kcat(
        its,
        "group consumer",
        "",
        "line-99",
        "-X",
        "auto.offset.reset=earliest",
        "-c",
        Integer.toString(LINES),
        "-G",
        "kcat-group",
        topic);
    kcat(
        its,
        "transaction",
        input,
        "",
        "-P",
        "-t",
        topic,
        "-K",
        ":",
        "-X",
        "transactional.id=kcat-transactions");
    kcat(
        its,
        "reader of committed records sees the transaction",
        "",
        "(?s)line-99.*line-99",
        "-C",
        "-t",
        topic,
        "-o",
        "beginning",
        "-e",
        "-X",
        "isolation.level=read_committed");
  }

  private void kcat(String version, String what, String input, String expected, String... arguments)
      throws Exception {
    List<String> command = with(List.of("kcat", "-b", cluster.bootstrap()), arguments);
    Program program = Program.run(command, Map.of(), input, SECONDS);
    boolean ok = program.exit() == 0 && Pattern.compile(expected).matcher(program.output()).find();
    rows.accept(
        ok
            ? Row.ok("kcat", version, what, "")
            : Row.failed(
                "kcat", version, what, "exit code " + program.exit() + ": " + end(program)));
  }

  private static String end(Program program) {
    String output = program.output().strip();
    return output.substring(Math.max(0, output.length() - 150));
  }

  private static boolean there(List<String> command, Map<String, String> environment)
      throws InterruptedException {
    try {
      return Program.run(command, environment, "", SECONDS).exit() == 0;
    } catch (IOException notFound) {
      return false;
    }
  }

  private static List<String> with(List<String> command, String... arguments) {
    return Stream.concat(command.stream(), Stream.of(arguments)).toList();
  }

  /** Where the client programs' classes lie, without Kafka's. */
  private static String ownClasses() throws URISyntaxException {
    return Path.of(ClientJourney.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }
}
