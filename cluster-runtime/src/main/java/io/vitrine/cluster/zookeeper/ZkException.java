package io.vitrine.cluster.zookeeper;

import java.util.concurrent.CompletionException;
import org.apache.zookeeper.KeeperException;

/** ZooKeeper's refusal of an operation. */
public final class ZkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Code {
    NO_NODE,
    NODE_EXISTS,
    BAD_VERSION,
    NOT_EMPTY,
    SESSION_EXPIRED,
    /** More than a server takes at once: it was not asked. */
    TOO_LARGE,
    /** The session was closed, or the waiting ended, on this side. */
    CLOSED,
    OTHER
  }

  private final Code code;
  private final String path;
  private final int failedOp;

  ZkException(Code code, String path, int failedOp, String detail) {
    super("ZooKeeper: " + code + " at " + path + (detail.isEmpty() ? "" : " (" + detail + ")"));
    this.code = code;
    this.path = path;
    this.failedOp = failedOp;
  }

  static ZkException of(int resultCode, String path, int failedOp) {
    KeeperException.Code code = KeeperException.Code.get(resultCode);
    return new ZkException(codeOf(code), path, failedOp, String.valueOf(code));
  }

  private static Code codeOf(KeeperException.Code code) {
    if (code == null) {
      return Code.OTHER;
    }
    return switch (code) {
      case NONODE -> Code.NO_NODE;
      case NODEEXISTS -> Code.NODE_EXISTS;
      case BADVERSION -> Code.BAD_VERSION;
      case NOTEMPTY -> Code.NOT_EMPTY;
      case SESSIONEXPIRED, SESSIONMOVED -> Code.SESSION_EXPIRED;
      default -> Code.OTHER;
    };
  }

  /** Whether an operation's failure, as a future gives it, is this refusal. */
  static boolean refusedWith(Throwable error, Code code) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return cause instanceof ZkException refused && refused.code() == code;
  }

  public Code code() {
    return code;
  }

  public String path() {
    return path;
  }

  /** Which operation of a multi failed, from 0; -1 outside a multi. */
  public int failedOp() {
    return failedOp;
  }
}
