package io.vitrine.console.testing;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.cluster.data.ReadProgress;
import io.vitrine.cluster.data.SendProgress;
import io.vitrine.cluster.data.SendProgress.Answer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import org.apache.kafka.common.TopicPartition;

/** The same records on every run, and a person who reads and writes some. JavaFX thread only. */
public final class SampleRecords {
  private static final long FIRST_MS = 1_795_165_260_000L;
  private static final String[] PEOPLE = {"ann", "김서연", "bob", "이준호", "mia", "소피아"};
  private static final String[] STATES = {"placed", "paid", "packed", "sent"};

  private SampleRecords() {}

  /** Orders of a partition, oldest first; one without a value, one with bytes that are no text. */
  public static List<DataRecord> orders(int partition, long firstOffset, int count) {
    Random random = new Random(42);
    List<DataRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String person = PEOPLE[random.nextInt(PEOPLE.length)];
      byte[] value =
          utf8(
              "{\"order\":"
                  + (4_700 + i)
                  + ",\"state\":\""
                  + STATES[random.nextInt(STATES.length)]
                  + "\",\"total\":"
                  + (random.nextInt(90_000) + 1_000) / 100.0
                  + ",\"items\":[{\"sku\":\"V-"
                  + random.nextInt(1_000)
                  + "\",\"count\":"
                  + (1 + random.nextInt(4))
                  + "}]}");
      records.add(
          new DataRecord(
              new TopicPartition("orders", partition),
              firstOffset + i,
              FIRST_MS + i * 137L,
              false,
              1,
              utf8(person),
              i % 9 == 4 ? null : i % 9 == 7 ? random(random) : value,
              List.of(
                  new DataRecord.Header("trace", utf8("9f" + (1_000 + i))),
                  new DataRecord.Header(
                      "vitrine-number", ByteBuffer.allocate(8).putLong(i).array()))));
    }
    return records;
  }

  private static byte[] random(Random random) {
    byte[] bytes = new byte[40];
    random.nextBytes(bytes);
    bytes[0] = (byte) 0xFF;
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Follows a partition and looks at one of its records.
   *
   * @param tick lets the screen draw
   */
  public static void read(Scene scene, FakeCluster cluster, Runnable tick) {
    layOut(scene);
    fire(scene, "#data-start");
    cluster.records().tell(orders(2, 86, 30), ReadProgress.State.WAITING, 0, "");
    tick.run();
    ((TableView<?>) scene.lookup("#records")).getSelectionModel().select(25);
  }

  /** A table knows its cells, and a scroll pane its content, after the first layout. */
  private static void layOut(Scene scene) {
    scene.getRoot().applyCss();
    scene.getRoot().layout();
  }

  /** Writes a few records by hand. */
  public static void write(Scene scene, FakeCluster cluster) {
    layOut(scene);
    fire(scene, "#write-side");
    layOut(scene);
    text(scene, "#write-key", "김서연");
    text(scene, "#write-value", "{\n  \"payment\": {n},\n  \"cents\": 129900\n}");
    text(scene, "#write-headers", "trace: 9f1031\nsource: console");
    text(scene, "#write-count", "3");
    fire(scene, "#write-send");
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(new Answer(new TopicPartition("payments", 0), 211 + i, 9 - 2L * i));
    }
    cluster.records().tell(new SendProgress(SendProgress.State.COMPLETE, 3, 3, 0, answers, 61, ""));
  }

  private static void fire(Scene scene, String id) {
    Node node = scene.lookup(id);
    ((ButtonBase) node).fire();
  }

  private static void text(Scene scene, String id, String text) {
    ((TextInputControl) scene.lookup(id)).setText(text);
  }
}
