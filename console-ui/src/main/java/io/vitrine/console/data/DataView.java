package io.vitrine.console.data;

import io.vitrine.cluster.data.DataRecord;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.apache.kafka.common.TopicPartition;

/**
 * Records: read on one side, written on the other. JavaFX thread only.
 *
 * <p>What it shows comes from the brokers as they are now, also while the time axis shows the past.
 */
public final class DataView implements Screen {
  private final Messages texts;
  private final ReadPane read;
  private final WritePane write;
  private final ToggleButton readSide = new ToggleButton();
  private final ToggleButton writeSide = new ToggleButton();
  private final VBox root = new VBox();
  private final Runnable endSelection;

  /**
   * The view.
   *
   * @param zone of times of day
   * @param clock for times counted back from now
   */
  public DataView(
      Locale locale, ZoneId zone, InstantSource clock, Selection selection, Desk desk, Work work) {
    this(locale, zone, clock, selection, desk, work, FileAsker.dialogs());
  }

  DataView(
      Locale locale,
      ZoneId zone,
      InstantSource clock,
      Selection selection,
      Desk desk,
      Work work,
      FileAsker files) {
    this.texts = Messages.of(DataView.class, locale);
    Quantities quantities = new Quantities(locale);
    this.read =
        new ReadPane(
            texts, quantities, zone, clock, selection, desk, work, files, this::writeAgain);
    this.write = new WritePane(texts, quantities, selection, desk, work, files, this::open);
    root.getStyleClass().add("page");
    root.setId("data-view");
    StackPane sides = new StackPane(read.node(), write.node());
    VBox.setVgrow(sides, Priority.ALWAYS);
    root.getChildren().addAll(head(), sides);
    root.addEventHandler(KeyEvent.KEY_PRESSED, this::key);
    turn(false);
    this.endSelection =
        selection.subscribe(
            item -> {
              read.chosen(item);
              write.chosen(item);
            });
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public boolean showsThePresent() {
    return true;
  }

  @Override
  public void show(Frame frame) {
    read.show(frame);
    write.show(frame);
  }

  @Override
  public void focusFilter() {
    turn(false);
    read.focusSearch();
  }

  @Override
  public void goTo() {
    turn(false);
    read.goTo();
  }

  @Override
  public Optional<String> explain() {
    return writeSide.isSelected() ? write.explain() : read.explain();
  }

  @Override
  public List<Key> keys() {
    return List.of(
        new Key("Ctrl+Enter", texts.get("does-start")),
        new Key("Esc", texts.get("does-stop")),
        new Key("Ctrl+E", texts.get("does-export")));
  }

  /** Nobody looks any more: readings end; what is being written is written to its end. */
  @Override
  public void close() {
    endSelection.run();
    read.stop();
  }

  private void writeAgain(DataRecord record) {
    write.take(record);
    turn(true);
  }

  private void open(TopicPartition partition, long offset) {
    turn(false);
    read.open(partition, offset);
  }

  private void key(KeyEvent event) {
    boolean writing = writeSide.isSelected();
    if (event.getCode() == KeyCode.ENTER && event.isShortcutDown()) {
      if (writing) {
        write.send();
      } else {
        read.start();
      }
    } else if (event.getCode() == KeyCode.E && event.isShortcutDown() && !writing) {
      read.export();
    } else if (event.getCode() == KeyCode.ESCAPE && (writing ? write.running() : read.running())) {
      if (writing) {
        write.stop();
      } else {
        read.stop();
      }
    } else {
      return;
    }
    event.consume();
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    ToggleGroup sides = new ToggleGroup();
    side(readSide, sides, "read-side", "side-read", false);
    side(writeSide, sides, "write-side", "side-write", true);
    HBox head = new HBox(10, title, readSide, writeSide);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void side(ToggleButton button, ToggleGroup sides, String id, String text, boolean right) {
    button.setId(id);
    button.setText(texts.get(text));
    button.getStyleClass().add("chip");
    button.setToggleGroup(sides);
    button.setOnAction(e -> turn(right));
  }

  private void turn(boolean right) {
    readSide.setSelected(!right);
    writeSide.setSelected(right);
    read.node().setVisible(!right);
    write.node().setVisible(right);
  }
}
