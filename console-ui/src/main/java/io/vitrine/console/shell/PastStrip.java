package io.vitrine.console.shell;

import io.vitrine.console.live.Frame;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * Says above the views that they show a moment of the past, which one, and what they do not; there
 * only while it is so. JavaFX thread only.
 */
final class PastStrip extends HBox {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  private final Messages texts;
  private final Quantities quantities;
  private final ZoneId zone;
  private final Label moment = new Label();
  private final Label ago = new Label();
  private final Label present = new Label();

  /**
   * @param now shows the present again
   */
  PastStrip(Messages texts, Quantities quantities, ZoneId zone, Runnable now) {
    this.texts = texts;
    this.quantities = quantities;
    this.zone = zone;
    getStyleClass().add("past-strip");
    setId("past-strip");
    moment.setId("past-moment");
    moment.getStyleClass().add("strong");
    moment.setMinWidth(Region.USE_PREF_SIZE);
    ago.getStyleClass().add("small");
    ago.setMinWidth(Region.USE_PREF_SIZE);
    present.setId("past-not-shown");
    present.getStyleClass().add("small");
    present.setMinWidth(0);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button back = new Button(texts.get("time-now"));
    back.setId("past-now");
    back.setMinWidth(Region.USE_PREF_SIZE);
    back.setOnAction(e -> now.run());
    getChildren().addAll(new FontIcon(Feather.CLOCK), moment, ago, present, spring, back);
    setVisible(false);
    managedProperty().bind(visibleProperty());
  }

  /**
   * @param presentNanos now, for how long ago it was
   * @param views those that show what is there now all the same
   */
  void show(Frame frame, long presentNanos, List<String> views) {
    setVisible(frame.past());
    if (!frame.past()) {
      return;
    }
    moment.setText(
        texts.get("past", MOMENT.format(Instant.ofEpochMilli(frame.wallMs()).atZone(zone))));
    ago.setText(
        texts.get(
            "past-ago",
            quantities.millis(Math.max(0, (presentNanos - frame.nowNanos()) / 1_000_000))));
    present.setText(views.isEmpty() ? "" : texts.get("past-not-shown", String.join(", ", views)));
  }
}
