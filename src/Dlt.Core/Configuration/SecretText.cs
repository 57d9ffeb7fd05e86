namespace Dlt.Configuration;

/// <summary>Decides which values a message may show.</summary>
internal static class SecretText
{
    private static readonly string[] Words =
        ["secret", "password", "passwd", "pwd", "token", "key", "credential", "auth", "private", "connection", "dsn", "hook"];

    /// <summary>True: the name says that the value is nobody's business.</summary>
    public static bool IsSecretName(string name) => Words.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>The value in quotes, or "a value" where it may be a secret.</summary>
    /// <param name="name">Name of the setting.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isSecret">True: it is one by its declaration, or stands among secrets.</param>
    public static string Shown(string name, string value, bool isSecret = false) =>
        isSecret || IsSecretName(name) ? "a value that is not shown" : $"'{SafeUrl.Of(value)}'";
}
