package io.vitrine.console.live;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Work of one view off the JavaFX thread. Of several pieces of one kind only the newest is
 * answered: a view that was pointed elsewhere meanwhile never sees what it does not want any more.
 *
 * <p>Called on the JavaFX thread, but for {@link #later}, and answers there.
 */
public final class Work {
  private final Executor background;
  private final Executor screen;
  private final Map<String, Object> newest = new HashMap<>();

  /**
   * Work for one view.
   *
   * @param background runs the work
   * @param screen runs things on the JavaFX thread
   */
  public Work(Executor background, Executor screen) {
    this.background = background;
    this.screen = screen;
  }

  /** Work for another view, with the same threads. */
  public Work another() {
    return new Work(background, screen);
  }

  /**
   * Begins work.
   *
   * @param kind what it is for; what runs of that kind is not answered any more
   * @param done hears the result
   * @param failed hears in words why there is none
   */
  public <T> void begin(String kind, Callable<T> work, Consumer<T> done, Consumer<String> failed) {
    Object ticket = new Object();
    newest.put(kind, ticket);
    background.execute(
        () -> {
          try {
            T result = work.call();
            screen.execute(() -> answer(kind, ticket, () -> done.accept(result)));
          } catch (Exception e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            screen.execute(() -> answer(kind, ticket, () -> failed.accept(reason)));
          }
        });
  }

  /** Does something on the JavaFX thread soon; may be called from any thread. */
  public void later(Runnable task) {
    screen.execute(task);
  }

  /** What runs of this kind is not answered any more. */
  public void forget(String kind) {
    newest.remove(kind);
  }

  private void answer(String kind, Object ticket, Runnable listener) {
    if (newest.remove(kind, ticket)) {
      listener.run();
    }
  }
}
