namespace Dlt.Documents;

/// <summary>Decides which values of a description errors may show.</summary>
internal static class DocumentSecrets
{
    /// <summary>True when the name indicates a secret, or the user of one.</summary>
    public static bool IsSecretName(string name) =>
        Configuration.SecretText.IsSecretName(name) || name.Contains("user", StringComparison.OrdinalIgnoreCase);
}
