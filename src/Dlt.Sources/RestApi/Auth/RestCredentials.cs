using System.Net.Http.Headers;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>Adds credentials to requests. Safe for concurrent use.</summary>
internal abstract class RestCredentials
{
    /// <summary>What the credentials are, for errors: <c>client.auth (bearer)</c>.</summary>
    public abstract string Title { get; }

    /// <summary>Adds the credentials to an attempt.</summary>
    public abstract ValueTask ApplyAsync(HttpRequestMessage attempt, CancellationToken cancellationToken);

    /// <summary>Renews the credentials after the API refused them.</summary>
    /// <param name="refused">The attempt that was refused.</param>
    /// <param name="cancellationToken">Cancels the renewal.</param>
    /// <returns>False when they cannot be renewed.</returns>
    public virtual ValueTask<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);

    /// <summary>Returns whether a parameter of the query holds these credentials, whatever its name is.</summary>
    public virtual bool IsSecretParameter(string parameter) => false;

    /// <summary>Creates the credentials of an authentication.</summary>
    /// <param name="auth">Authentication without missing values.</param>
    /// <param name="send">Sends requests for tokens.</param>
    /// <param name="time">Clock of the run.</param>
    public static RestCredentials Create(RestAuth auth, RestTokenRequest send, TimeProvider time) => auth switch
    {
        RestAuth.Bearer bearer => new RestHeaderCredentials("bearer", "Authorization", "Bearer " + bearer.Token),
        RestAuth.ApiKey { Location: ApiKeyLocation.Query } key => new RestQueryCredentials(key.Name, key.Key ?? ""),
        RestAuth.ApiKey key => new RestHeaderCredentials("api_key", key.Name, key.Key ?? ""),
        RestAuth.HttpBasic basic => new RestHeaderCredentials("http_basic", "Authorization", BasicOf(basic)),
        RestAuth.OAuth2ClientCredentials client => new RestTokenCredentials(new RestClientToken(client, send), client.AccessToken, time),
        RestAuth.JwtAssertion assertion => new RestTokenCredentials(new RestAssertionToken(assertion, send, time), null, time),
        RestAuth.Custom custom => new RestCustomCredentials(custom),
        _ => throw new InvalidOperationException($"The authentication {auth.GetType().Name} is unknown."),
    };

    private static string BasicOf(RestAuth.HttpBasic basic) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{basic.Username}:{basic.Password}"));
}

/// <summary>A header with credentials.</summary>
internal sealed class RestHeaderCredentials(string type, string name, string value) : RestCredentials
{
    /// <inheritdoc/>
    public override string Title => $"'auth' of the type {type}";

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(HttpRequestMessage attempt, CancellationToken cancellationToken)
    {
        attempt.Headers.Remove(name);
        if (attempt.Headers.TryAddWithoutValidation(name, value)) return ValueTask.CompletedTask;
        throw new DltException(
            $"The key of 'auth' cannot be sent as the header '{name}', which is no header of a request. "
            + "Nothing of this run was loaded, and the state is as before. Correct the name of the header.");
    }
}

/// <summary>A parameter of the query with credentials.</summary>
internal sealed class RestQueryCredentials(string name, string key) : RestCredentials
{
    /// <inheritdoc/>
    public override string Title => "'auth' of the type api_key";

    /// <inheritdoc/>
    public override bool IsSecretParameter(string parameter) => parameter == name;

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(HttpRequestMessage attempt, CancellationToken cancellationToken)
    {
        var url = attempt.RequestUri!.AbsoluteUri;
        var mark = attempt.RequestUri.Query.Length > 1 ? '&' : '?';
        attempt.RequestUri = new($"{url.TrimEnd('?')}{mark}{Uri.EscapeDataString(name)}={Uri.EscapeDataString(key)}");
        return ValueTask.CompletedTask;
    }
}

/// <summary>Credentials of the program.</summary>
internal sealed class RestCustomCredentials(RestAuth.Custom custom) : RestCredentials
{
    /// <inheritdoc/>
    public override string Title => "the program's own authentication";

    /// <inheritdoc/>
    public override ValueTask ApplyAsync(HttpRequestMessage attempt, CancellationToken cancellationToken) =>
        custom.Apply(attempt, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken)
    {
        if (custom.Refresh is not { } refresh) return false;
        await refresh(cancellationToken).ConfigureAwait(false);
        return true;
    }
}

/// <summary>A token that is fetched when it is needed, reused until it expires, and renewed when the API refuses it.</summary>
/// <param name="source">Fetches tokens.</param>
/// <param name="given">Token to begin with, of unknown lifetime; null for none.</param>
/// <param name="time">Clock of the run.</param>
internal sealed class RestTokenCredentials(IRestTokenSource source, string? given, TimeProvider time) : RestCredentials
{
    private readonly SemaphoreSlim _gate = new(1);
    private string? _token = given;
    private DateTimeOffset _expires = DateTimeOffset.MaxValue;

    /// <inheritdoc/>
    public override string Title => source.Title;

    /// <inheritdoc/>
    public override async ValueTask ApplyAsync(HttpRequestMessage attempt, CancellationToken cancellationToken) =>
        attempt.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public override async ValueTask<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (refused.Headers.Authorization?.Parameter == _token) _token = null;   // else another request has renewed it
        _gate.Release();
        return true;
    }

    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is { } known && time.GetUtcNow() < _expires) return known;
            var (token, lifetime) = await source.FetchAsync(cancellationToken).ConfigureAwait(false);
            (_token, _expires) = (token, time.GetUtcNow() + lifetime);
            return token;
        }
        finally
        {
            _gate.Release();
        }
    }
}
