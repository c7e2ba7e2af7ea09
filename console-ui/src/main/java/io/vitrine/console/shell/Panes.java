package io.vitrine.console.shell;

import io.vitrine.console.text.Messages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Rectangle;

/**
 * The centre of the window: one view, or two side by side with a head each. JavaFX thread only.
 *
 * <p>A pane becomes the active one when it is clicked or the focus goes into it.
 */
final class Panes extends SplitPane {
  private static final PseudoClass ACTIVE = PseudoClass.getPseudoClass("active");
  private static final double NARROWEST = 260;

  private final List<Pane> panes;
  private final Function<String, ConsoleWindow.View> views;
  private Place shown;

  /**
   * @param views a view by its name
   * @param activated hears which pane was clicked or entered
   * @param closed hears which pane's head was closed
   */
  Panes(
      Messages texts,
      Function<String, ConsoleWindow.View> views,
      IntConsumer activated,
      IntConsumer closed) {
    this.views = views;
    this.panes =
        List.of(new Pane(0, texts, activated, closed), new Pane(1, texts, activated, closed));
    getStyleClass().add("panes");
    setId("panes");
  }

  /** Shows a place. */
  void show(Place place) {
    if (shown == null || !shown.looksLike(place)) {
      // A node has one parent: whoever gives a view up does so before another takes it.
      panes.forEach(Pane::empty);
      List<Node> items = new ArrayList<>();
      for (int i = 0; i < place.views().size(); i++) {
        panes.get(i).fill(views.apply(place.views().get(i)), place.split());
        items.add(panes.get(i));
      }
      if (getItems().size() != items.size()) {
        getItems().setAll(items);
        setDividerPositions(0.5);
      }
    }
    for (int i = 0; i < panes.size(); i++) {
      panes.get(i).pseudoClassStateChanged(ACTIVE, place.split() && i == place.active());
    }
    shown = place;
  }

  private static final class Pane extends VBox {
    private final Label title = new Label();
    private final HBox head;
    private final StackPane holder = new StackPane();

    Pane(int index, Messages texts, IntConsumer activated, IntConsumer closed) {
      getStyleClass().add("pane");
      setId("pane-" + index);
      setMinWidth(NARROWEST);
      title.getStyleClass().addAll("small", "strong");
      Region spring = new Region();
      HBox.setHgrow(spring, Priority.ALWAYS);
      Button close = new Button("×");
      close.setId("pane-close-" + index);
      close.getStyleClass().add("quiet");
      close.setAccessibleText(texts.get("pane-close"));
      close.setOnAction(e -> closed.accept(index));
      head = new HBox(title, spring, close);
      head.getStyleClass().add("pane-head");
      VBox.setVgrow(holder, Priority.ALWAYS);
      getChildren().addAll(head, holder);
      Rectangle clip = new Rectangle();
      clip.widthProperty().bind(widthProperty());
      clip.heightProperty().bind(heightProperty());
      setClip(clip);
      addEventFilter(MouseEvent.MOUSE_PRESSED, e -> activated.accept(index));
      focusWithinProperty()
          .addListener(
              (o, before, within) -> {
                if (within) {
                  activated.accept(index);
                }
              });
    }

    void fill(ConsoleWindow.View view, boolean headed) {
      title.setText(view.title());
      head.setVisible(headed);
      head.setManaged(headed);
      holder.getChildren().setAll(view.screen().node());
    }

    void empty() {
      holder.getChildren().clear();
    }
  }
}
