using System.Text;
using Dlt.Naming;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Packages;

/// <summary>
/// Tables of job files. A table name that a file name cannot hold is escaped there, one that is too long is shortened; the schema has the
/// whole name.
/// </summary>
internal static class JobTables
{
    /// <summary>Bytes of a job file name beside the table: dots, file id, retry count, format.</summary>
    public const int ReservedBytes = 32;

    private const int MaxFileNameBytes = 255;

    /// <summary>
    /// A dot would end the table within a job file's name. Upper case stays, as file ids tell two tables apart whose names differ in
    /// nothing else.
    /// </summary>
    public static string Component(string table)
    {
        const int max = MaxFileNameBytes - ReservedBytes;
        var name = DiskName.Encode(table, keepsCase: true, furtherOdd: ".{}");
        if (Encoding.UTF8.GetByteCount(name) <= max) return name;
        var shortened = NamingConvention.Shorten(name, table, max);   // as dlt shortens: names in ASCII are done
        return Encoding.UTF8.GetByteCount(shortened) <= max
            ? shortened
            : CutAt(name, max - NamingConvention.TagLength) + NamingConvention.Tag(table);
    }

    /// <summary>The table of a job.</summary>
    public static string Resolve(JobFileName job, Schema schema)
    {
        if (schema.TryGetTable(job.Table, out _) && Component(job.Table) == job.Table) return job.Table;
        return schema.Tables.FirstOrDefault(t => Component(t.Name) == job.Table)?.Name ?? job.Table;
    }

    /// <summary>The first bytes of a text, cut between characters.</summary>
    private static string CutAt(string text, int maxBytes)
    {
        var cut = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes) break;
            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }
}
