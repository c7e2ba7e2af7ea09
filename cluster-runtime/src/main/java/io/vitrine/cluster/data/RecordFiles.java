package io.vitrine.cluster.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Records in files.
 *
 * <p>JSON lines lose nothing: an object a record with {@code topic}, {@code partition}, {@code
 * offset}, {@code timestamp}, {@code key}, {@code value} and {@code headers}; bytes that are not
 * UTF-8 stand in {@code keyBase64} and {@code valueBase64}, null is null. They can be read again.
 * CSV (RFC 4180) holds what is shown and is for spreadsheets. All files are UTF-8. Blocks; not for
 * the thread of a screen.
 */
public final class RecordFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RecordFiles() {}

  /** How a file to be written to a topic is read. */
  public enum Format {
    /** As {@link #writeJsonLines} writes it; partition, offset and topic are not looked at. */
    JSON_LINES,
    /** A line is a value; there are no keys. */
    VALUES,
    /** A line is a key, a tab and a value; without a tab, a value alone. */
    KEYS_AND_VALUES
  }

  /** Writes records as JSON lines; a file that is there is replaced. */
  public static void writeJsonLines(Path file, Collection<DataRecord> records) throws IOException {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (DataRecord record : records) {
        out.write(jsonLine(record));
        out.write('\n');
      }
    }
  }

  /** A record as a line of JSON, without its end. */
  public static String jsonLine(DataRecord record) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("topic", record.partition().topic())
            .put("partition", record.partition().partition())
            .put("offset", record.offset())
            .put("timestamp", record.timestampMs());
    put(json, "key", record.key());
    put(json, "value", record.value());
    for (DataRecord.Header header : record.headers()) {
      put(json.withArray("headers").addObject().put("key", header.key()), "value", header.value());
    }
    return json.toString();
  }

  /** Writes what is shown of records as CSV; a file that is there is replaced. */
  public static void writeCsv(Path file, Collection<DataRecord> records, RecordTexts texts)
      throws IOException {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      out.write("topic,partition,offset,timestamp,key,value,headers\r\n");
      for (DataRecord record : records) {
        out.write(
            String.join(
                ",",
                record.partition().topic(),
                Integer.toString(record.partition().partition()),
                Long.toString(record.offset()),
                record.timestampMs() < 0
                    ? ""
                    : Instant.ofEpochMilli(record.timestampMs()).toString(),
                field(texts.key(record).text()),
                field(texts.value(record).text()),
                field(headers(record))));
        out.write("\r\n");
      }
    }
  }

  private static String headers(DataRecord record) {
    List<String> all = new ArrayList<>();
    record
        .headers()
        .forEach(header -> all.add(header.key() + "=" + RecordTexts.header(header).text()));
    return String.join("; ", all);
  }

  private static String field(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  /** The records of a file, a line each; empty lines are passed over. */
  public static RecordSource.Opener read(Path file, Format format) {
    return () -> new Lines(file, Files.newBufferedReader(file, StandardCharsets.UTF_8), format);
  }

  private static void put(ObjectNode json, String name, byte[] bytes) {
    if (bytes == null) {
      json.putNull(name);
      return;
    }
    Optional<String> text = Encoding.TEXT.decode(bytes);
    if (text.isPresent()) {
      json.put(name, text.get());
    } else {
      json.put(name + "Base64", bytes);
    }
  }

  /** A file, line by line. */
  private static final class Lines implements RecordSource {
    private final Path file;
    private final BufferedReader reader;
    private final Format format;
    private long line;

    Lines(Path file, BufferedReader reader, Format format) {
      this.file = file;
      this.reader = reader;
      this.format = format;
    }

    @Override
    public NewRecord next() throws IOException {
      try {
        String text;
        do {
          text = reader.readLine();
          line++;
        } while (text != null && text.isEmpty());
        return text == null ? null : record(text);
      } catch (JsonProcessingException e) {
        throw wrong(e.getOriginalMessage(), e);
      } catch (MalformedInputException e) {
        throw wrong("not UTF-8", e);
      } catch (IllegalArgumentException e) {
        throw wrong(e.getMessage(), e);
      }
    }

    private IOException wrong(String what, Exception cause) {
      return new IOException(file.getFileName() + ", line " + line + ": " + what, cause);
    }

    private NewRecord record(String text) throws IOException {
      int tab = text.indexOf('\t');
      switch (format) {
        case VALUES:
          return plain(null, text);
        case KEYS_AND_VALUES:
          return tab < 0
              ? plain(null, text)
              : plain(text.substring(0, tab), text.substring(tab + 1));
        default:
          return json(JSON.readTree(text));
      }
    }

    private static NewRecord plain(String key, String value) {
      return new NewRecord(
          Optional.empty(),
          Optional.empty(),
          key == null ? null : key.getBytes(StandardCharsets.UTF_8),
          value.getBytes(StandardCharsets.UTF_8),
          List.of());
    }

    private static NewRecord json(JsonNode json) throws IOException {
      if (!json.isObject()) {
        throw new IllegalArgumentException("not an object with key and value");
      }
      if (!json.has("value") && !json.has("valueBase64")) {
        throw new IllegalArgumentException("neither value nor valueBase64");
      }
      List<DataRecord.Header> headers = new ArrayList<>();
      for (JsonNode header : json.path("headers")) {
        headers.add(new DataRecord.Header(header.path("key").asText(), bytes(header, "value")));
      }
      return new NewRecord(
          Optional.empty(), Optional.empty(), bytes(json, "key"), bytes(json, "value"), headers);
    }

    private static byte[] bytes(JsonNode json, String name) throws IOException {
      if (json.has(name + "Base64")) {
        return json.get(name + "Base64").binaryValue();
      }
      JsonNode text = json.path(name);
      return text.isMissingNode() || text.isNull()
          ? null
          : (text.isValueNode() ? text.asText() : text.toString()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }
}
