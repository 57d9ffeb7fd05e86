namespace Dlt.Aws;

/// <summary>
/// Time limits, attempts and connections of a client for S3. Null leaves a member to this library (docs/commands.md, "Waiting").
/// </summary>
public sealed record S3ConnectionOptions
{
    /// <summary>How long opening a connection may take, above zero; null for the limit of the attempt.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>How long an attempt waits for the answer, and then for each further part of it, above zero; null for 60 seconds.</summary>
    public TimeSpan? ReadTimeout { get; init; }

    /// <summary>Attempts of a call, the first one included, 1 or more; null for ten.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Connections to one host that are open at once, 1 or more; null for no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Name of the program in the requests, at most 50 characters; null for none.</summary>
    public string? AppId { get; init; }

    /// <summary>
    /// False to send checksums only with requests that S3 demands them for; true with all that may have them; null for true on AWS and
    /// false on stores with the protocol of S3.
    /// </summary>
    public bool? SendsChecksums { get; init; }

    /// <summary>False to compare checksums only where a request asks for them; null as <see cref="SendsChecksums"/> decides.</summary>
    public bool? ComparesChecksums { get; init; }
}
