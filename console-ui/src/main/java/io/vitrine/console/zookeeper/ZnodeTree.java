package io.vitrine.console.zookeeper;

import io.vitrine.cluster.snapshot.ZooKeeperContents.Znode;
import io.vitrine.console.control.Pill;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme.Token;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeTableCell;
import javafx.scene.control.TreeTableColumn;
import javafx.scene.control.TreeTableRow;
import javafx.scene.control.TreeTableView;

/**
 * The tree of znodes. Branches are read when they are opened; a line that changed a moment ago is
 * marked, with a dot as well as by its colour. JavaFX thread only.
 */
final class ZnodeTree extends TreeTableView<ZnodeRow> {
  private static final double ROW = 28;
  private static final PseudoClass CHANGED = PseudoClass.getPseudoClass("changed");

  private final Messages texts;
  private final ZnodeModel model;
  private final Runnable lookAgain;
  private final Map<String, Branch> branches = new HashMap<>();
  private final TreeItem<ZnodeRow> top = new TreeItem<>();
  private boolean updating;

  /**
   * @param chosen hears of the path the operator chooses
   * @param lookAgain asks for what was opened
   */
  ZnodeTree(Messages texts, ZnodeModel model, Consumer<String> chosen, Runnable lookAgain) {
    this.texts = texts;
    this.model = model;
    this.lookAgain = lookAgain;
    setId("znode-tree");
    setAccessibleText(texts.get("tree-accessible"));
    setFixedCellSize(ROW);
    setColumnResizePolicy(TreeTableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
    setShowRoot(false);
    setRoot(top);
    top.setExpanded(true);
    setPlaceholder(new Label(texts.get("reading")));
    setRowFactory(view -> new Row());
    columns();
    getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (o, before, item) -> {
              if (item != null && item.getValue() != null && !updating) {
                chosen.accept(item.getValue().node().path());
              }
            });
  }

  /** A node of the tree, which knows that it has children before they are read. */
  private final class Branch extends TreeItem<ZnodeRow> {
    private final String path;

    Branch(ZnodeRow row) {
      super(row);
      this.path = row.node().path();
      setExpanded(model.isOpen(path));
      expandedProperty()
          .addListener(
              (o, before, wanted) -> {
                if (!updating) {
                  model.open(path, wanted);
                  lookAgain.run();
                }
              });
    }

    @Override
    public boolean isLeaf() {
      return getValue() == null || getValue().node().children() == 0;
    }
  }

  /** A line that is marked while its node has just changed. */
  private static final class Row extends TreeTableRow<ZnodeRow> {
    @Override
    protected void updateItem(ZnodeRow row, boolean empty) {
      super.updateItem(row, empty);
      pseudoClassStateChanged(CHANGED, !empty && row != null && row.justChanged());
    }
  }

  /** Shows the whole tree as far as it is open. */
  void show(Function<Znode, ZnodeRow> rows) {
    put(
        () -> {
          Set<String> seen = new HashSet<>();
          sync(top, model.children("/"), rows, seen);
          branches.keySet().retainAll(seen);
        });
  }

  /** Shows what was found, without branches. */
  void showFound(List<Znode> found, Function<Znode, ZnodeRow> rows) {
    put(
        () -> {
          branches.clear();
          List<TreeItem<ZnodeRow>> items = new ArrayList<>();
          boolean same = top.getChildren().size() == found.size();
          for (int i = 0; i < found.size(); i++) {
            ZnodeRow row = rows.apply(found.get(i));
            items.add(new TreeItem<>(row));
            same = same && row.equals(top.getChildren().get(i).getValue());
          }
          if (!same) {
            top.getChildren().setAll(items);
          }
        });
  }

  private void put(Runnable change) {
    updating = true;
    try {
      change.run();
      chooseAgain();
    } finally {
      updating = false;
    }
  }

  private void sync(
      TreeItem<ZnodeRow> parent,
      List<Znode> nodes,
      Function<Znode, ZnodeRow> rows,
      Set<String> seen) {
    List<TreeItem<ZnodeRow>> items = new ArrayList<>();
    for (Znode node : nodes) {
      ZnodeRow row = rows.apply(node);
      Branch branch = branches.computeIfAbsent(node.path(), path -> new Branch(row));
      if (!branch.getValue().equals(row)) {
        branch.setValue(row);
      }
      items.add(branch);
      seen.add(node.path());
      branch.setExpanded(model.isOpen(node.path()));
      if (branch.isExpanded()) {
        sync(branch, model.children(node.path()), rows, seen);
      }
    }
    if (!parent.getChildren().equals(items)) {
      parent.getChildren().setAll(items);
    }
  }

  /** The line of the chosen path, wherever it stands now. */
  private void chooseAgain() {
    TreeItem<ZnodeRow> wanted = item(top, model.chosen());
    TreeItem<ZnodeRow> now = getSelectionModel().getSelectedItem();
    if (wanted == null) {
      getSelectionModel().clearSelection();
    } else if (wanted != now) {
      getSelectionModel().select(wanted);
    }
  }

  private static TreeItem<ZnodeRow> item(TreeItem<ZnodeRow> below, String path) {
    for (TreeItem<ZnodeRow> child : below.getChildren()) {
      String at = child.getValue().node().path();
      if (at.equals(path)) {
        return child;
      }
      if (path.startsWith(at + "/")) {
        TreeItem<ZnodeRow> found = item(child, path);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  // ---- columns -------------------------------------------------------------------------------

  private void columns() {
    text(
        "znode-name",
        texts.get("column-node"),
        190,
        false,
        (label, row) -> {
          label.setText(row.justChanged() ? "• " + row.label() : row.label());
          if (row.justChanged()) {
            label.getStyleClass().add("strong");
          }
        });
    column(
        "znode-mode",
        texts.get("column-mode"),
        106,
        false,
        Pill::new,
        (pill, row) ->
            pill.show(
                texts.get(row.node().ephemeral() ? "ephemeral" : "persistent"),
                row.node().ephemeral() ? Token.ACCENT : Token.IDLE));
    text(
        "znode-version",
        texts.get("column-version"),
        70,
        true,
        (label, row) -> label.setText(Integer.toString(row.node().version())));
    text(
        "znode-owner",
        texts.get("column-owner"),
        96,
        false,
        (label, row) -> label.setText(row.owner()));
    text(
        "znode-watches",
        texts.get("column-watches"),
        78,
        true,
        (label, row) -> {
          label.setText(row.watchers() == 0 ? "–" : Integer.toString(row.watchers()));
          if (row.watchers() == 0) {
            label.getStyleClass().add("muted");
          }
        });
  }

  private void text(
      String id, String title, double width, boolean right, BiConsumer<Label, ZnodeRow> fill) {
    column(
        id,
        title,
        width,
        right,
        Label::new,
        (label, row) -> {
          label.getStyleClass().setAll("label");
          fill.accept(label, row);
        });
  }

  private <N extends Node> void column(
      String id,
      String title,
      double width,
      boolean right,
      Supplier<N> make,
      BiConsumer<N, ZnodeRow> fill) {
    TreeTableColumn<ZnodeRow, ZnodeRow> column = new TreeTableColumn<>(title);
    column.setId(id);
    column.setCellValueFactory(f -> new ReadOnlyObjectWrapper<>(f.getValue().getValue()));
    column.setCellFactory(c -> new Cell<>(make.get(), right, fill));
    column.setSortable(false);
    column.setPrefWidth(width);
    column.setMinWidth(Math.min(width, 56));
    if (right) {
      column.getStyleClass().add("right");
    }
    getColumns().add(column);
  }

  /** A cell with one node it keeps. */
  private static final class Cell<N extends Node> extends TreeTableCell<ZnodeRow, ZnodeRow> {
    private final N node;
    private final BiConsumer<N, ZnodeRow> fill;

    Cell(N node, boolean right, BiConsumer<N, ZnodeRow> fill) {
      this.node = node;
      this.fill = fill;
      if (right) {
        getStyleClass().add("right");
      }
    }

    @Override
    protected void updateItem(ZnodeRow row, boolean empty) {
      super.updateItem(row, empty);
      if (empty || row == null) {
        setGraphic(null);
      } else {
        fill.accept(node, row);
        setGraphic(node);
      }
    }
  }
}
