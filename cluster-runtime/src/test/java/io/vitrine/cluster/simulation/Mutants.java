package io.vitrine.cluster.simulation;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.OptionalLong;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.pool.TypePool;

/**
 * Our own classes once more, in a class loader of their own, with one rule broken: the product
 * needs no switch for that.
 */
final class Mutants extends ClassLoader {
  private static final String OURS = "io.vitrine.";

  private final String broken;
  private final byte[] bytes;

  /**
   * @param broken the class whose rule is broken
   * @param rule its method
   * @param by the class with a static method of the same name, which is called instead
   */
  Mutants(String broken, String rule, String by) {
    super(Mutants.class.getClassLoader());
    this.broken = broken;
    ClassFileLocator files = ClassFileLocator.ForClassLoader.of(Mutants.class.getClassLoader());
    TypePool types = TypePool.Default.of(files);
    this.bytes =
        new ByteBuddy()
            .redefine(types.describe(broken).resolve(), files)
            .method(named(rule))
            .intercept(MethodDelegation.to(types.describe(by).resolve()))
            .make()
            .getBytes();
  }

  /** The first story of some that sees the broken rule; empty when none does. */
  OptionalLong caught(long firstSeed, int stories) throws ReflectiveOperationException {
    Class<?> simulation = loadClass(Simulation.class.getName());
    for (long seed = firstSeed; seed < firstSeed + stories; seed++) {
      try {
        simulation.getMethod("run", long.class).invoke(null, seed);
      } catch (InvocationTargetException e) {
        if (e.getCause() instanceof AssertionError) {
          return OptionalLong.of(seed);
        }
        throw e;
      }
    }
    return OptionalLong.empty();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    if (name.equals(broken)) {
      return defineClass(name, bytes, 0, bytes.length);
    }
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] content = in.readAllBytes();
      return defineClass(name, content, 0, content.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
