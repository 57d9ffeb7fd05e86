namespace Dlt.Aws;

/// <summary>The statements of each login, and the documents that they make.</summary>
internal sealed class PolicyDocuments
{
    private readonly List<(string Login, List<JsonValue> Statements)> _logins = [];

    /// <summary>Adds a statement that allows actions to a login; none when there are no actions.</summary>
    /// <param name="login">The login.</param>
    /// <param name="id">Name of the statement, once per login.</param>
    /// <param name="actions">IAM actions.</param>
    /// <param name="resources">ARNs.</param>
    public void Allow(AwsCredentialOptions login, string id, IEnumerable<string> actions, params IEnumerable<string> resources)
    {
        var allowed = Texts(actions);
        if (allowed.Items.Length == 0) return;
        if (!_logins.Exists(l => l.Login == login.LoginName)) _logins.Add((login.LoginName, []));
        _logins.Find(l => l.Login == login.LoginName).Statements.Add(JsonValue.Object(
            ("Sid", JsonValue.String(id)),
            ("Effect", JsonValue.String("Allow")),
            ("Action", allowed),
            ("Resource", Texts(resources))));
    }

    /// <summary>The document of the only login; for several, an object with the document of each by its name.</summary>
    public JsonValue Write() => _logins is [var single]
        ? Document(single.Statements)
        : JsonValue.Object(_logins.Select(l => KeyValuePair.Create(l.Login, Document(l.Statements))));

    private static JsonValue Document(List<JsonValue> statements) =>
        JsonValue.Object(("Version", JsonValue.String("2012-10-17")), ("Statement", JsonValue.Array([.. statements])));

    private static JsonValue Texts(IEnumerable<string> texts) => JsonValue.Array([.. texts.Select(JsonValue.String)]);
}
