package io.vitrine.cluster.story;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Keys and certificates for a test, made with the JDK's own keytool. */
final class KeyStores {
  static final String PASSWORD = "changeit";

  private static final String ALIAS = "own";
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private final Path directory;

  KeyStores(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** A new key with a certificate it has signed itself, good for this machine and for signing. */
  Path key(String name, String type, String distinguishedName)
      throws IOException, InterruptedException {
    Path store = directory.resolve(name + "." + type.toLowerCase(Locale.ROOT));
    generate(store, type, distinguishedName, "-1d", 30, "-ext", "BC=ca:true");
    return store;
  }

  /** A new key with a certificate another one has signed, valid for some days from a start date. */
  Path signed(String name, Path signer, String from, int days)
      throws IOException, InterruptedException {
    Path store = directory.resolve(name + ".pkcs12");
    Files.copy(signer, store);
    keytool(store, "-changealias", "-alias", ALIAS, "-destalias", "signer");
    generate(store, "PKCS12", "CN=" + name, from, days, "-signer", "signer");
    keytool(store, "-delete", "-alias", "signer");
    return store;
  }

  private static void generate(
      Path store, String type, String distinguishedName, String from, int days, String... more)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                distinguishedName,
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-startdate",
                from,
                "-validity",
                Integer.toString(days),
                "-storetype",
                type,
                "-keypass",
                PASSWORD));
    arguments.addAll(List.of(more));
    keytool(store, arguments.toArray(String[]::new));
  }

  /** A PKCS12 store that holds the certificates of these keys. */
  Path trust(String name, Path... keys) throws IOException, GeneralSecurityException {
    return trust("PKCS12", directory.resolve(name + ".p12"), keys);
  }

  /** A JKS store that holds the certificates of these keys. */
  Path trustInJks(String name, Path... keys) throws IOException, GeneralSecurityException {
    return trust("JKS", directory.resolve(name + ".truststore.jks"), keys);
  }

  private static Path trust(String type, Path store, Path... keys)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(type);
    trusted.load(null, null);
    for (Path key : keys) {
      trusted.setCertificateEntry(key.getFileName().toString(), certificate(key));
    }
    try (var out = Files.newOutputStream(store)) {
      trusted.store(out, PASSWORD.toCharArray());
    }
    return store;
  }

  /** A store's key and certificate in one PEM file, as Kafka reads them. */
  Path pem(Path store) throws IOException, GeneralSecurityException {
    Key key = load(store).getKey(ALIAS, PASSWORD.toCharArray());
    Path file = directory.resolve(store.getFileName() + ".pem");
    Files.writeString(
        file,
        block("PRIVATE KEY", key.getEncoded())
            + block("CERTIFICATE", certificate(store).getEncoded()));
    return file;
  }

  /** The certificates of these stores as PEM. */
  static String certificates(Path... stores) throws IOException, GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (Path store : stores) {
      text.append(block("CERTIFICATE", certificate(store).getEncoded()));
    }
    return text.toString();
  }

  private static String block(String what, byte[] bytes) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + LINES.encodeToString(bytes)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private static Certificate certificate(Path store) throws IOException, GeneralSecurityException {
    return load(store).getCertificate(ALIAS);
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore loaded = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    try (InputStream in = Files.newInputStream(store)) {
      loaded.load(in, PASSWORD.toCharArray());
    }
    return loaded;
  }

  private static void keytool(Path store, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool: " + said);
    }
  }
}
