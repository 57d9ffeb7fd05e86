using System.Globalization;

namespace Dlt.Packages;

/// <summary>
/// The name of a job file: <c>&lt;table&gt;.&lt;file id&gt;.&lt;retry count&gt;.&lt;format&gt;[.gz]</c> (docs/spec/pipeline.md 2.3).
/// </summary>
internal sealed record JobFileName(string Table, string FileId, int RetryCount, string Format, bool IsCompressed = false)
{
    private const string Gzip = "gz";

    /// <summary>Never changes, whatever the retry count.</summary>
    public string JobId => $"{Table}.{FileId}.{FullExtension}";

    public string FullExtension => IsCompressed ? $"{Format}.{Gzip}" : Format;

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Table}.{FileId}.{RetryCount}.{FullExtension}");

    /// <exception cref="FormatException">Not a job file name.</exception>
    public static JobFileName Parse(string fileName)
    {
        var parts = fileName.Split('.');
        if ((parts.Length != 4 && !(parts.Length == 5 && parts[4] == Gzip))
            || !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var retries))
            throw new FormatException($"'{fileName}' is not the name of a job file. It is <table>.<file id>.<retry count>.<format>, "
                + $"with .gz at most after it.");
        return new(parts[0], parts[1], retries, parts[3], parts.Length == 5);
    }

    public JobFileName WithRetry() => this with { RetryCount = RetryCount + 1 };
}
