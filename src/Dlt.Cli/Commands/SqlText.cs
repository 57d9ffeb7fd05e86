using System.Text;
using Dlt.Internal;

namespace Dlt.Cli.Commands;

/// <summary>Reads the statement of <c>dlt query</c> from an argument, a file, or standard input.</summary>
internal static class SqlText
{
    private const string StandardInput = "-";

    /// <summary>Reads the statement.</summary>
    /// <param name="argument">The argument; <c>-</c> for standard input.</param>
    /// <param name="file">The file; <c>-</c> for standard input.</param>
    /// <param name="cancellationToken">Stops, also while standard input is silent.</param>
    /// <exception cref="DltException">No statement or two are given, it cannot be read, or it is empty.</exception>
    public static async Task<string> ReadAsync(string? argument, string? file, CancellationToken cancellationToken)
    {
        if (argument is not null && file is not null)
        {
            throw new DltException("The statement is given twice, as an argument and with --file. Nothing was run. Leave one of them "
                + "out.");
        }

        if (argument is null && file is null)
        {
            throw new DltException("There is no statement. Nothing was run. Give it as an argument (\"SELECT …\"), with --file "
                + "query.sql, or through a pipe with -.");
        }

        var isPipe = (argument ?? file) == StandardInput;
        var sql = isPipe ? await ReadPipeAsync(cancellationToken) : argument ?? await ReadFileAsync(file!, cancellationToken);
        if (!IsEmpty(sql)) return sql;
        var origin = isPipe ? "standard input" : file ?? "the argument";
        throw new DltException($"There is no statement in {origin}, only blanks or comments. Nothing was run. Give one, such as "
            + "SELECT 1.");
    }

    /// <summary>True if a text has only blanks, comments and semicolons.</summary>
    internal static bool IsEmpty(string sql)
    {
        for (var rest = sql.AsSpan(); ;)
        {
            rest = rest.TrimStart().TrimStart(';');
            if (rest.IsEmpty) return true;
            if (rest.StartsWith("--")) rest = rest.IndexOf('\n') is >= 0 and var line ? rest[(line + 1)..] : default;
            else if (rest.StartsWith("/*")) rest = rest.IndexOf("*/") is >= 0 and var end ? rest[(end + 2)..] : default;
            else if (!char.IsWhiteSpace(rest[0])) return false;
        }
    }

    private static async Task<string> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        if (Directory.Exists(file)) throw new DltException($"'{file}' is a folder. Nothing was run. Name a file with one statement.");
        if (!File.Exists(file)) throw new DltException($"File does not exist: '{file}'. Nothing was run.");
        try
        {
            // Opening a named pipe blocks until there is a writer, and does not observe a token.
            return await Task.Run(() => File.ReadAllText(file, Encoding.UTF8), CancellationToken.None).WaitAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DltException($"{file} cannot be read: {Failure.Sentence(error)} Nothing was run.", error);
        }
    }

    private static Task<string> ReadPipeAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var reader = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
            return reader.ReadToEnd();
        }, CancellationToken.None).WaitAsync(cancellationToken);
}
