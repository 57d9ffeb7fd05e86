using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>Decides which values messages may show.</summary>
internal static class SecretText
{
    private static readonly string[] Words =
    [
        "secret", "pass", "pwd", "token", "key", "credential", "auth", "private", "connection", "dsn", "hook", "bearer", "cookie",
        "signature",
    ];

    /// <summary>Returns true when the name indicates a secret, such as a password.</summary>
    public static bool IsSecretName(string name) => Words.Any(w => name.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the value in quotes, or a neutral text if it may be a secret.</summary>
    /// <param name="name">Name of the setting.</param>
    /// <param name="value">Value of the setting.</param>
    /// <param name="isSecret">True when the setting is declared as a secret or is stored among secrets.</param>
    public static string Shown(string name, string value, bool isSecret = false) =>
        isSecret || IsSecretName(name) ? "a value that is not shown" : $"'{SafeUrl.Of(value)}'";
}
