package io.vitrine.cluster.zookeeper;

/** One operation of a multi. */
public sealed interface ZkOp {
  String path();

  /** Fails with BAD_VERSION unless the node has this data version. */
  record Check(String path, int version) implements ZkOp {}

  record Create(String path, byte[] data, CreateMode mode) implements ZkOp {}

  /** Version -1 is any. */
  record SetData(String path, byte[] data, int version) implements ZkOp {}

  /** Version -1 is any. */
  record Delete(String path, int version) implements ZkOp {}
}
