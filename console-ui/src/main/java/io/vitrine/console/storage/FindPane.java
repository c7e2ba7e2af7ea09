package io.vitrine.console.storage;

import io.vitrine.console.control.LookupMap;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme;
import io.vitrine.storage.inspect.Lookup;
import io.vitrine.storage.inspect.LookupStep;
import io.vitrine.storage.inspect.PartitionView;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * Finds a record by offset, time or key as a broker would, and plays how. JavaFX thread only; reads
 * files off it.
 */
final class FindPane extends VBox implements PartitionPage.Look {
  private static final Duration STEP = Duration.millis(900);

  /** Hears where a step looked. */
  interface Seen {
    /**
     * A place in a segment.
     *
     * @param position of a batch, -1 none
     */
    void at(long segment, long position);
  }

  /** By what is searched. */
  private enum By {
    OFFSET,
    TIME,
    KEY
  }

  private final Messages texts;
  private final ZoneId zone;
  private final Work work;
  private final Seen seen;
  private final TextField field = new TextField();
  private final ToggleGroup kinds = new ToggleGroup();
  private final Button find = new Button();
  private final Button stop = new Button();
  private final Label result = new Label();
  private final LookupMap map;
  private final ListView<LookupStep> steps = new ListView<>();
  private final ToggleButton play = new ToggleButton();
  private final Button bytes = new Button();
  private final Timeline clock = new Timeline(new KeyFrame(STEP, e -> step(1)));
  private By by = By.OFFSET;
  private PartitionView partition;
  private LookupStory story;
  private AtomicBoolean goOn = new AtomicBoolean();
  private boolean showing;

  FindPane(Messages texts, Theme theme, ZoneId zone, Work work, Seen seen) {
    this.texts = texts;
    this.zone = zone;
    this.work = work;
    this.seen = seen;
    this.map = new LookupMap(theme, texts.get("lookup-accessible"), texts.get("segments"), ".log");
    clock.setCycleCount(Animation.INDEFINITE);
    steps.setId("storage-steps");
    steps.setAccessibleText(texts.get("steps-accessible"));
    steps.setFixedCellSize(26);
    steps.setCellFactory(l -> new StepCell());
    Label none = new Label(texts.get("find-hint"));
    none.getStyleClass().add("muted");
    none.setWrapText(true);
    steps.setPlaceholder(none);
    steps
        .getSelectionModel()
        .selectedIndexProperty()
        .addListener(
            (o, before, now) -> {
              if (now.intValue() >= 0 && !showing) {
                moment(now.intValue());
              }
            });
    VBox.setVgrow(steps, Priority.ALWAYS);
    setSpacing(8);
    getChildren().addAll(question(), map, controls(), steps);
    buttons();
  }

  @Override
  public String key() {
    return "find";
  }

  @Override
  public Node node() {
    return this;
  }

  @Override
  public void show(PartitionDetail detail, Frame frame) {
    boolean other =
        partition == null || !partition.directory().equals(detail.partition().directory());
    partition = detail.partition();
    if (other) {
      clear();
    }
  }

  /** Puts the focus where what is looked for is written. */
  void focusField() {
    field.requestFocus();
    field.selectAll();
  }

  // ---- building --------------------------------------------------------------------------------

  private Node question() {
    HBox row = new HBox(6);
    row.setAlignment(Pos.CENTER_LEFT);
    for (By each : By.values()) {
      String name = each.name().toLowerCase(Locale.ROOT);
      ToggleButton chip = new ToggleButton(texts.get("find-" + name));
      chip.setId("storage-find-" + name);
      chip.getStyleClass().add("chip");
      chip.setToggleGroup(kinds);
      chip.setSelected(each == by);
      chip.setMinWidth(Region.USE_PREF_SIZE);
      chip.setOnAction(
          e -> {
            chip.setSelected(true);
            by = each;
            field.setPromptText(texts.get("find-prompt-" + name));
          });
      row.getChildren().add(chip);
    }
    field.setId("storage-find");
    field.setPromptText(texts.get("find-prompt-offset"));
    field.setPrefWidth(230);
    field.setOnAction(e -> begin());
    find.setText(texts.get("find"));
    find.setId("storage-find-go");
    find.getStyleClass().addAll("compact", "primary");
    find.setMinWidth(Region.USE_PREF_SIZE);
    find.setOnAction(e -> begin());
    stop.setText(texts.get("stop"));
    stop.setId("storage-find-stop");
    stop.getStyleClass().add("compact");
    stop.setMinWidth(Region.USE_PREF_SIZE);
    stop.setOnAction(e -> goOn.set(false));
    result.setId("storage-found");
    result.getStyleClass().addAll("small", "strong");
    row.getChildren().addAll(field, find, stop, result);
    return row;
  }

  private Node controls() {
    Button back = icon(Feather.SKIP_BACK, "step-back");
    back.setOnAction(e -> step(-1));
    play.setGraphic(new FontIcon(Feather.PLAY));
    play.setId("storage-play");
    play.getStyleClass().add("quiet");
    play.setAccessibleText(texts.get("play"));
    play.setOnAction(e -> play(play.isSelected()));
    Button on = icon(Feather.SKIP_FORWARD, "step-on");
    on.setOnAction(e -> step(1));
    bytes.setText(texts.get("show-bytes"));
    bytes.setId("storage-show-bytes");
    bytes.getStyleClass().add("compact");
    bytes.setMinWidth(Region.USE_PREF_SIZE);
    bytes.setOnAction(
        e -> {
          LookupStep step = steps.getSelectionModel().getSelectedItem();
          if (step != null && step.segment() >= 0) {
            seen.at(step.segment(), Math.max(0, position(step)));
          }
        });
    HBox row = new HBox(4, back, play, on, bytes);
    row.setAlignment(Pos.CENTER_LEFT);
    return row;
  }

  private Button icon(Feather icon, String key) {
    Button button = new Button();
    button.setGraphic(new FontIcon(icon));
    button.setId("storage-" + key);
    button.getStyleClass().add("quiet");
    button.setAccessibleText(texts.get(key));
    return button;
  }

  // ---- searching -------------------------------------------------------------------------------

  private void begin() {
    String wanted = field.getText().trim();
    if (partition == null || wanted.isEmpty()) {
      return;
    }
    PartitionView in = partition;
    AtomicBoolean on = new AtomicBoolean(true);
    Callable<Lookup.Explained> search;
    try {
      if (by == By.KEY) {
        search = () -> Lookup.key(in, wanted, on::get);
      } else if (by == By.TIME) {
        long ms = time(wanted);
        search = () -> Lookup.timestamp(in, ms);
      } else {
        long offset = Long.parseLong(wanted.replace(",", ""));
        search = () -> Lookup.offset(in, offset);
      }
    } catch (NumberFormatException | DateTimeException e) {
      result.setText(texts.get(by == By.TIME ? "find-no-time" : "find-no-number"));
      return;
    }
    clear();
    goOn = on;
    result.setText(texts.get("finding"));
    buttons();
    work.begin(
        "find", () -> LookupStory.of(in, search.call()), this::take, reason -> failed(reason));
  }

  private long time(String words) {
    if (words.matches("-?\\d+")) {
      return Long.parseLong(words);
    }
    return words.endsWith("Z")
        ? Instant.parse(words.replace(' ', 'T')).toEpochMilli()
        : LocalDateTime.parse(words.replace(' ', 'T')).atZone(zone).toInstant().toEpochMilli();
  }

  private void take(LookupStory next) {
    story = next;
    goOn.set(false);
    showing = true;
    steps.getItems().setAll(next.steps());
    showing = false;
    result.setText(
        next.found().isPresent()
            ? texts.get("found", Long.toString(next.found().getAsLong()), next.steps().size())
            : texts.get("found-not", next.steps().size()));
    if (!next.steps().isEmpty()) {
      steps.getSelectionModel().select(next.steps().size() - 1);
    }
    buttons();
  }

  private void failed(String reason) {
    goOn.set(false);
    result.setText(texts.get("find-failed", reason));
    buttons();
  }

  private void clear() {
    goOn.set(false);
    work.forget("find");
    play(false);
    story = null;
    steps.getItems().clear();
    map.show(null);
    result.setText("");
    buttons();
  }

  private void buttons() {
    stop.setVisible(goOn.get());
    stop.setManaged(goOn.get());
    boolean none = story == null || story.steps().isEmpty();
    play.setDisable(none);
    bytes.setDisable(none);
  }

  // ---- playing ---------------------------------------------------------------------------------

  private void play(boolean on) {
    play.setSelected(on);
    if (on) {
      if (steps.getSelectionModel().getSelectedIndex() >= steps.getItems().size() - 1) {
        steps.getSelectionModel().select(0);
      }
      clock.playFromStart();
    } else {
      clock.stop();
    }
  }

  private void step(int by) {
    int next = steps.getSelectionModel().getSelectedIndex() + by;
    if (next < 0 || next >= steps.getItems().size()) {
      play(false);
    } else {
      steps.getSelectionModel().select(next);
      steps.scrollTo(Math.max(0, next - 3));
    }
  }

  private void moment(int number) {
    map.show(story.after(number, ".index", ".timeindex"));
    LookupStep step = story.steps().get(number);
    if (step.segment() >= 0) {
      seen.at(step.segment(), position(step));
    }
  }

  /** Where in the log a step looked, -1 nowhere. */
  private static long position(LookupStep step) {
    return step.kind() == LookupStep.Kind.SCAN || step.kind() == LookupStep.Kind.FOUND
        ? step.at()
        : -1;
  }

  /** A step in words. */
  private final class StepCell extends ListCell<LookupStep> {
    @Override
    protected void updateItem(LookupStep step, boolean empty) {
      super.updateItem(step, empty);
      getStyleClass().removeAll("tone-ok", "tone-warn");
      if (empty || step == null) {
        setText(null);
        return;
      }
      String name = step.saying().name().toLowerCase(Locale.ROOT).replace('_', '-');
      setText(getIndex() + 1 + ".  " + texts.get("saying-" + name, step.arguments().toArray()));
      if (step.kind() == LookupStep.Kind.FOUND) {
        getStyleClass().add("tone-ok");
      } else if (step.kind() == LookupStep.Kind.NOT_FOUND) {
        getStyleClass().add("tone-warn");
      }
    }
  }
}
