using System.Text;
using Dlt.Files;
using Dlt.Hashing;

namespace Dlt.Packages;

/// <summary>
/// Text files that a package holds in its folder <c>files</c>: the content of pipes, and UTF-8 copies of files in other encodings.
/// </summary>
/// <param name="package">The package that is being made.</param>
internal sealed class FileCopies(LoadPackage package)
{
    private const string Folder = "files";
    private const int BufferBytes = 1 << 20;

    /// <summary>Moves a file into the package, or writes it there in UTF-8.</summary>
    /// <exception cref="DltException">The bytes of the file are not text in its encoding.</exception>
    public FileInfo Add(InputFile input, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(package.PathOf(Folder));
        var target = package.PathOf(Folder, DltHash.NewTempName());
        if (input.Encoding is { } encoding) Transcode(input, encoding, target, cancellationToken);
        else File.Move(input.Path, target);
        return new(target);
    }

    private static void Transcode(InputFile input, Encoding encoding, string target, CancellationToken cancellationToken)
    {
        using var content = CompressedFile.Open(CompressedFile.OpenFile(input), out _);
        using var text = Encoding.CreateTranscodingStream(
            content, TextEncoding.Strict(encoding), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[BufferBytes];
        try
        {
            for (int read; (read = text.Read(buffer)) > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.Write(buffer.AsSpan(0, read));
            }
        }
        catch (DecoderFallbackException error)
        {
            throw new DltException(
                $"{input.Name} is not {encoding.WebName}: after {output.Length} bytes of text come bytes that this encoding does not have. "
                + "Nothing of this run was loaded, and the state is as before. Name the right encoding, then run again.", error);
        }
        catch (Exception error) when (CompressedFile.DamageOf(input.Name, error) is { } damage)
        {
            throw damage;
        }
    }
}
