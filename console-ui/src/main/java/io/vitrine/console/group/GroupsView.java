package io.vitrine.console.group;

import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Groups on one side, transactions on the other. JavaFX thread only. */
public final class GroupsView implements Screen {
  private final Messages texts;
  private final Selection selection;
  private final GroupPane groups;
  private final TransactionPane transactions;
  private final ToggleButton groupsSide = new ToggleButton();
  private final ToggleButton transactionsSide = new ToggleButton();
  private final TextField filter = new TextField();
  private final VBox root = new VBox();
  private Frame newest;

  /** The view; times of day are of this zone. */
  public GroupsView(Locale locale, ZoneId zone, Selection selection) {
    this.texts = Messages.of(GroupsView.class, locale);
    this.selection = selection;
    Quantities quantities = new Quantities(locale);
    this.groups = new GroupPane(texts, quantities, zone, selection);
    this.transactions = new TransactionPane(texts, quantities, selection);
    root.getStyleClass().add("page");
    root.setId("groups-view");
    StackPane sides = new StackPane(groups.node(), transactions.node());
    VBox.setVgrow(sides, Priority.ALWAYS);
    root.getChildren().addAll(head(), sides);
    turn(false);
    selection.subscribe(this::chosen);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public void show(Frame frame) {
    newest = frame;
    groupsSide.setText(texts.get("side-groups", frame.snapshot().groups().size()));
    transactionsSide.setText(texts.get("side-transactions", frame.snapshot().transactions().ids()));
    draw();
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
    filter.selectAll();
  }

  @Override
  public Optional<String> explain() {
    return transactionsSide.isSelected() ? transactions.explain() : groups.explain();
  }

  private Node head() {
    Label title = new Label(texts.get("title"));
    title.getStyleClass().add("title");
    ToggleGroup sides = new ToggleGroup();
    side(groupsSide, sides, "groups-side", false);
    side(transactionsSide, sides, "transactions-side", true);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    filter.setPromptText(texts.get("filter"));
    filter.setId("group-filter");
    filter.setPrefWidth(180);
    filter.textProperty().addListener((o, before, after) -> draw());
    HBox head = new HBox(10, title, groupsSide, transactionsSide, spring, filter);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private void side(ToggleButton button, ToggleGroup sides, String id, boolean right) {
    button.setId(id);
    button.getStyleClass().add("chip");
    button.setToggleGroup(sides);
    button.setOnAction(e -> turn(right));
  }

  private void turn(boolean right) {
    groupsSide.setSelected(!right);
    transactionsSide.setSelected(right);
    groups.node().setVisible(!right);
    transactions.node().setVisible(right);
    draw();
  }

  /** What was chosen elsewhere comes to the front. */
  private void chosen(Selection.Item item) {
    if (item instanceof Selection.Transaction) {
      turn(true);
    } else if (item instanceof Selection.Group) {
      turn(false);
    }
    draw();
  }

  private void draw() {
    if (newest == null) {
      return;
    }
    String text = filter.getText().trim().toLowerCase(Locale.ROOT);
    if (transactionsSide.isSelected()) {
      transactions.show(newest, text, selection.item());
    } else {
      groups.show(newest, text, selection.item());
    }
  }
}
