package io.vitrine.cluster.config;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;

/**
 * Encrypts passwords for ZooKeeper as Kafka's brokers do: with a key made of {@code
 * password.encoder.secret}, as {@code name:value} pairs that also say how to decrypt them. Safe
 * from any thread.
 */
final class PasswordEncoder {
  private static final String KEY_FACTORY = "keyFactoryAlgorithm";
  private static final String CIPHER = "cipherAlgorithm";
  private static final String KEY_LENGTH = "keyLength";
  private static final String SALT = "salt";
  private static final String ITERATIONS = "iterations";
  private static final String ENCRYPTED = "encryptedPassword";
  private static final String LENGTH = "passwordLength";
  private static final String INITIAL = "initializationVector";
  private static final String TAG_LENGTH = "authenticationTagLength";
  private static final String COUNTER_MODE = "AES/GCM/";
  private static final int SALT_BYTES = 256;

  private final SecureRandom random = new SecureRandom();
  private final Password secret;
  private final BrokerConfig config;

  private PasswordEncoder(Password secret, BrokerConfig config) {
    this.secret = secret;
    this.config = config;
  }

  /** Of {@code password.encoder.secret}; empty when there is none. */
  static Optional<PasswordEncoder> of(BrokerConfig config) {
    return of(config, "password.encoder.secret");
  }

  /** Of {@code password.encoder.old.secret}; empty when there is none. */
  static Optional<PasswordEncoder> ofOldSecret(BrokerConfig config) {
    return of(config, "password.encoder.old.secret");
  }

  private static Optional<PasswordEncoder> of(BrokerConfig config, String setting) {
    return Optional.ofNullable((Password) config.value(setting))
        .map(secret -> new PasswordEncoder(secret, config));
  }

  /**
   * Encrypts a password.
   *
   * @throws ConfigException when the configured algorithms cannot be had
   */
  String encode(String password) {
    try {
      byte[] salt = new byte[SALT_BYTES];
      random.nextBytes(salt);
      String algorithm = (String) config.value("password.encoder.cipher.algorithm");
      int keyLength = (Integer) config.value("password.encoder.key.length");
      int iterations = (Integer) config.value("password.encoder.iterations");
      SecretKeyFactory factory =
          keyFactory((String) config.value("password.encoder.keyfactory.algorithm"));
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.ENCRYPT_MODE, key(factory, algorithm, keyLength, salt, iterations));
      byte[] encrypted = cipher.doFinal(password.getBytes(StandardCharsets.UTF_8));
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put(KEY_FACTORY, factory.getAlgorithm());
      fields.put(CIPHER, algorithm);
      fields.put(KEY_LENGTH, Integer.toString(keyLength));
      fields.put(SALT, base64(salt));
      fields.put(ITERATIONS, Integer.toString(iterations));
      fields.put(ENCRYPTED, base64(encrypted));
      fields.put(LENGTH, Integer.toString(password.length()));
      fields.putAll(describe(algorithm, cipher.getParameters()));
      return fields.entrySet().stream()
          .map(field -> field.getKey() + ":" + field.getValue())
          .collect(Collectors.joining(","));
    } catch (GeneralSecurityException e) {
      throw new ConfigException("Password could not be encoded: " + e.getMessage());
    }
  }

  /**
   * Decrypts a password.
   *
   * @throws ConfigException when it was not encrypted with this secret
   */
  String decode(String encoded) {
    try {
      Map<String, String> fields = new HashMap<>();
      for (String field : encoded.split(",")) {
        int colon = field.lastIndexOf(':');
        fields.put(field.substring(0, colon), field.substring(colon + 1));
      }
      String algorithm = fields.get(CIPHER);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(
          Cipher.DECRYPT_MODE,
          key(
              keyFactory(fields.get(KEY_FACTORY)),
              algorithm,
              Integer.parseInt(fields.get(KEY_LENGTH)),
              bytes(fields.get(SALT)),
              Integer.parseInt(fields.get(ITERATIONS))),
          parameters(algorithm, fields));
      String password =
          new String(cipher.doFinal(bytes(fields.get(ENCRYPTED))), StandardCharsets.UTF_8);
      if (password.length() != Integer.parseInt(fields.get(LENGTH))) {
        throw new ConfigException("Password could not be decoded: its length is another");
      }
      return password;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new ConfigException("Password could not be decoded: " + e.getMessage());
    }
  }

  private static SecretKeyFactory keyFactory(String algorithm) throws NoSuchAlgorithmException {
    return SecretKeyFactory.getInstance(algorithm == null ? "PBKDF2WithHmacSHA512" : algorithm);
  }

  private SecretKeySpec key(
      SecretKeyFactory factory, String algorithm, int keyLength, byte[] salt, int iterations)
      throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(secret.value().toCharArray(), salt, iterations, keyLength);
    return new SecretKeySpec(factory.generateSecret(spec).getEncoded(), algorithm.split("/", 2)[0]);
  }

  private static Map<String, String> describe(String algorithm, AlgorithmParameters parameters)
      throws GeneralSecurityException {
    if (algorithm.startsWith(COUNTER_MODE)) {
      GCMParameterSpec spec = parameters.getParameterSpec(GCMParameterSpec.class);
      return Map.of(INITIAL, base64(spec.getIV()), TAG_LENGTH, Integer.toString(spec.getTLen()));
    }
    return Map.of(INITIAL, base64(parameters.getParameterSpec(IvParameterSpec.class).getIV()));
  }

  private static AlgorithmParameterSpec parameters(String algorithm, Map<String, String> fields) {
    byte[] initial = bytes(fields.get(INITIAL));
    return algorithm.startsWith(COUNTER_MODE)
        ? new GCMParameterSpec(Integer.parseInt(fields.get(TAG_LENGTH)), initial)
        : new IvParameterSpec(initial);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }
}
