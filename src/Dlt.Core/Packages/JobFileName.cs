using System.Globalization;

namespace Dlt.Packages;

/// <summary>
/// Name of a job file: <c>&lt;table&gt;.&lt;file id&gt;.&lt;retry count&gt;.&lt;format&gt;[.gz]</c> (docs/spec/pipeline.md 2.3).
/// </summary>
internal sealed record JobFileName(string Table, string FileId, int RetryCount, string Format, bool IsCompressed = false)
{
    private const string Gzip = "gz";

    /// <summary>Id of the job, which does not depend on the retry count.</summary>
    public string JobId => $"{Table}.{FileId}.{FullExtension}";

    public string FullExtension => IsCompressed ? $"{Format}.{Gzip}" : Format;

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Table}.{FileId}.{RetryCount}.{FullExtension}");

    /// <exception cref="FormatException">The text is not the name of a job file.</exception>
    public static JobFileName Parse(string fileName)
    {
        var parts = fileName.Split('.');
        if ((parts.Length != 4 && !(parts.Length == 5 && parts[4] == Gzip))
            || !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var retries))
        {
            throw new FormatException(
                $"'{fileName}' is not the name of a job file. The form is <table>.<file id>.<retry count>.<format>, optionally with .gz.");
        }

        return new(parts[0], parts[1], retries, parts[3], parts.Length == 5);
    }

    public JobFileName WithRetry() => this with { RetryCount = RetryCount + 1 };
}
