using System.Text;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Packages;

/// <summary>
/// Maps tables to the names of job files. A table name that a file name cannot hold is escaped, and a long one is shortened; the schema has
/// the full name.
/// </summary>
internal static class JobTables
{
    /// <summary>Bytes of a job file name without the table: dots, file id, retry count, format.</summary>
    public const int ReservedBytes = 32;

    private const int MaxFileNameBytes = 255;

    /// <summary>
    /// Returns the part of a job file's name for a table. Dots are escaped, since a dot ends the table in the name. Upper case stays, since
    /// file ids distinguish tables that differ only in case.
    /// </summary>
    public static string Component(string table)
    {
        const int max = MaxFileNameBytes - ReservedBytes;
        var name = DiskName.Encode(table, keepsCase: true, furtherOdd: ".{}");
        if (Encoding.UTF8.GetByteCount(name) <= max) return name;
        var shortened = NamingConvention.Shorten(name, table, max);   // dlt's way to shorten; enough for ASCII names
        return Encoding.UTF8.GetByteCount(shortened) <= max
            ? shortened
            : CutAt(name, max - NamingConvention.TagLength) + NamingConvention.Tag(table);
    }

    /// <summary>Returns the table of a job.</summary>
    public static string Resolve(JobFileName job, Schema schema)
    {
        if (schema.TryGetTable(job.Table, out _) && Component(job.Table) == job.Table) return job.Table;
        return schema.Tables.FirstOrDefault(t => Component(t.Name) == job.Table)?.Name ?? job.Table;
    }

    /// <summary>Cuts a text between characters, to at most the given number of UTF-8 bytes.</summary>
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
