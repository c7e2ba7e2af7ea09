package io.vitrine.console.about;

import io.vitrine.console.control.RowTable;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.text.Messages;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** Name, version, surroundings, and the licences of what is inside. JavaFX thread only. */
public final class AboutView implements Screen {
  private static final String YARDSTICK = "Apache Kafka 3.9.2";

  private final Messages texts;
  private final Desk desk;
  private final VBox root = new VBox();

  /** The view. */
  public AboutView(Locale locale, Desk desk) {
    this.texts = Messages.of(AboutView.class, locale);
    this.desk = desk;
    root.getStyleClass().add("page");
    root.setId("about-view");
    Node components = components();
    VBox.setVgrow(components, Priority.ALWAYS);
    Label heading = new Label(texts.get("components"));
    heading.getStyleClass().add("heading");
    root.getChildren().addAll(product(), heading, components);
  }

  @Override
  public Node node() {
    return root;
  }

  /** Tells nothing of the cluster. */
  @Override
  public void show(Frame frame) {}

  private Node product() {
    Label name = new Label("Vitrine");
    name.getStyleClass().add("title");
    Label what = new Label(texts.get("what", YARDSTICK));
    what.setWrapText(true);
    what.setMinHeight(Region.USE_PREF_SIZE);
    GridPane facts = new GridPane();
    facts.getStyleClass().add("facts");
    List<String[]> lines =
        List.of(
            new String[] {texts.get("version"), version()},
            new String[] {texts.get("licence"), "Apache-2.0"},
            new String[] {
              "Java", System.getProperty("java.version") + ", " + System.getProperty("java.vendor")
            },
            new String[] {"JavaFX", System.getProperty("javafx.runtime.version", "–")},
            new String[] {
              texts.get("system"),
              System.getProperty("os.name")
                  + " "
                  + System.getProperty("os.version")
                  + ", "
                  + System.getProperty("os.arch")
            });
    for (int i = 0; i < lines.size(); i++) {
      Label left = new Label(lines.get(i)[0]);
      left.getStyleClass().add("caption");
      left.setMinWidth(Region.USE_PREF_SIZE);
      Label right = new Label(lines.get(i)[1]);
      right.getStyleClass().add("small");
      facts.addRow(i, left, right);
    }
    Button copy = new Button(texts.get("copy"));
    copy.setId("about-copy");
    copy.getStyleClass().add("compact");
    copy.setOnAction(
        e ->
            desk.copy(
                lines.stream()
                    .map(l -> l[0] + ": " + l[1])
                    .collect(Collectors.joining("\n", "Vitrine\n", ""))));
    VBox card = new VBox(10, name, what, facts, new HBox(copy));
    card.getStyleClass().add("card");
    return card;
  }

  /** What the jar says; a checkout that was never packaged has none. */
  private String version() {
    return Optional.ofNullable(AboutView.class.getPackage().getImplementationVersion())
        .orElseGet(() -> texts.get("unpackaged"));
  }

  private Node components() {
    RowTable<Component> table =
        new RowTable<>("components", texts.get("components"), Component::name, c -> {});
    column(table, "name", 210, Component::name);
    column(table, "version", 150, Component::version);
    column(table, "licence", 260, Component::licence);
    column(table, "home", 280, Component::home);
    table.show(Component.all());
    return table;
  }

  private void column(
      RowTable<Component> table, String id, double width, Function<Component, String> says) {
    table.text(
        id,
        texts.get("column-" + id),
        width,
        false,
        Comparator.comparing(says),
        (label, component) -> {
          label.getStyleClass().add("small");
          label.setText(says.apply(component));
        });
  }
}
