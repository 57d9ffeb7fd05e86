using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dlt.Storage;

namespace Dlt.Tests.Support.Services;

/// <summary>Answers calls of the S3 API, with paths that begin with the bucket, from an object store. Times have whole seconds.</summary>
/// <param name="objects">The store.</param>
internal sealed partial class ObjectAnswers(IObjectStore objects)
{
    private readonly ConcurrentDictionary<string, (ObjectLocation Location, SortedDictionary<int, byte[]> Parts)> _uploads = new();
    private readonly ConcurrentDictionary<string, ObjectInfo> _completed = new();
    private int _lastUpload;

    /// <summary>Keys of uploads that were begun and neither completed nor aborted.</summary>
    public IReadOnlyCollection<string> OpenUploads => [.. _uploads.Values.Select(u => u.Location.Key)];

    public static WireAnswer Error(int status, string code) => WireAnswer.Xml(
        status, $"<Error><Code>{code}</Code><Message>{code}</Message><RequestId>test</RequestId></Error>");

    public static string OperationOf(WireRequest request)
    {
        var (_, key, query) = PartsOf(request);
        return (request.Method, key.Length > 0) switch
        {
            ("GET", true) => "GetObject",
            ("HEAD", _) => "HeadObject",
            ("GET", false) => query.ContainsKey("uploads") ? "ListMultipartUploads" : "ListObjectsV2",
            ("PUT", _) => query.ContainsKey("partNumber") ? "UploadPart" : "PutObject",
            ("DELETE", _) => query.ContainsKey("uploadId") ? "AbortMultipartUpload" : "DeleteObject",
            ("POST", false) => "DeleteObjects",
            _ => query.ContainsKey("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload",
        };
    }

    public async Task<WireAnswer> AnswerAsync(WireRequest request)
    {
        var (bucket, key, query) = PartsOf(request);
        var location = new ObjectLocation(bucket, key);
        var body = IsChunked(request) ? Dechunked(request.Body) : request.Body;
        try
        {
            return OperationOf(request) switch
            {
                "GetObject" => await GetAsync(location, request.Header("Range")),
                "HeadObject" => await HeadAsync(location),
                "ListObjectsV2" => await ListAsync(bucket, query),
                "PutObject" => await PutAsync(location, body, request),
                "DeleteObject" => await DeleteAsync(location, request.Header("If-Match")),
                "DeleteObjects" => await DeleteManyAsync(bucket, Encoding.UTF8.GetString(body)),
                "CreateMultipartUpload" => Begin(location),
                "UploadPart" => AddPart(query["uploadId"], int.Parse(query["partNumber"], CultureInfo.InvariantCulture), body),
                "CompleteMultipartUpload" => await CompleteAsync(location, query["uploadId"]),
                "AbortMultipartUpload" => _uploads.TryRemove(query["uploadId"], out _) ? new(204, []) : Error(404, "NoSuchUpload"),
                _ => ListUploads(bucket, query.GetValueOrDefault("prefix", "")),
            };
        }
        catch (PreconditionFailedException)
        {
            return Error(412, "PreconditionFailed");
        }
        catch (BucketNotFoundException)
        {
            return Error(404, "NoSuchBucket");
        }
        catch (ObjectNotFoundException)
        {
            return Error(404, "NoSuchKey");
        }
    }

    private async Task<WireAnswer> GetAsync(ObjectLocation location, string? range)
    {
        var stored = await objects.TryReadAsync(location) ?? throw new ObjectNotFoundException(location);
        var content = stored.Content.ToArray();
        if (range is null) return new(200, content, HeadersOf(stored.Info));
        var ends = range["bytes=".Length..].Split('-');
        var start = long.Parse(ends[0], CultureInfo.InvariantCulture);
        if (start >= content.Length) return Error(416, "InvalidRange");
        var last = content.Length - 1;
        var end = ends[1].Length == 0 ? last : Math.Min(last, long.Parse(ends[1], CultureInfo.InvariantCulture));
        return new(206, content[(int)start..((int)end + 1)],
            [.. HeadersOf(stored.Info), ("Content-Range", $"bytes {start}-{end}/{content.Length}")]);
    }

    private async Task<WireAnswer> HeadAsync(ObjectLocation location) =>
        await objects.HeadAsync(location) is { } info ? new(200, [], HeadersOf(info)) { Length = info.Size } : new(404, []);

    private async Task<WireAnswer> PutAsync(ObjectLocation location, byte[] body, WireRequest request)
    {
        var condition = new PutCondition(request.Header("If-None-Match") == "*", request.Header("If-Match"));
        return new(200, [], ("ETag", (await objects.PutAsync(location, body, condition)).ETag));
    }

    private async Task<WireAnswer> DeleteAsync(ObjectLocation location, string? etag)
    {
        if (etag is null) await objects.DeleteAsync(location.Bucket, [location.Key]);
        else if (!await objects.TryDeleteAsync(location, etag)) return Error(412, "PreconditionFailed");
        return new(204, []);
    }

    private async Task<WireAnswer> DeleteManyAsync(string bucket, string request)
    {
        await objects.DeleteAsync(bucket, [.. Keys().Matches(request).Select(k => WebUtility.HtmlDecode(k.Groups[1].Value))]);
        return WireAnswer.Xml(200, "<DeleteResult></DeleteResult>");
    }

    private async Task<WireAnswer> ListAsync(string bucket, Dictionary<string, string> query)
    {
        var size = int.Parse(query.GetValueOrDefault("max-keys", "1000"), CultureInfo.InvariantCulture);
        var after = query.GetValueOrDefault("continuation-token", "");
        var all = await objects.ListAsync(bucket, query.GetValueOrDefault("prefix", ""))
            .Where(o => string.CompareOrdinal(o.Location.Key, after) > 0).Take(size + 1).ToListAsync();
        var page = all.Take(size).ToList();
        var text = new StringBuilder("<ListBucketResult>");
        foreach (var found in page)
        {
            var modified = found.LastModified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.000'Z'", CultureInfo.InvariantCulture);
            text.Append("<Contents>").Append(Element("Key", found.Location.Key)).Append(Element("LastModified", modified))
                .Append(Element("ETag", found.ETag)).Append(Element("Size", $"{found.Size}")).Append("</Contents>");
        }

        text.Append(Element("KeyCount", $"{page.Count}")).Append(Element("IsTruncated", all.Count > size ? "true" : "false"));
        if (all.Count > size) text.Append(Element("NextContinuationToken", page[^1].Location.Key));
        return WireAnswer.Xml(200, text.Append("</ListBucketResult>").ToString());
    }

    private WireAnswer Begin(ObjectLocation location)
    {
        var id = $"upload-{Interlocked.Increment(ref _lastUpload)}";
        _uploads[id] = (location, []);
        return WireAnswer.Xml(200, $"<InitiateMultipartUploadResult><Bucket>{location.Bucket}</Bucket><Key>{location.Key}</Key>"
            + $"<UploadId>{id}</UploadId></InitiateMultipartUploadResult>");
    }

    private WireAnswer AddPart(string id, int number, byte[] body)
    {
        if (!_uploads.TryGetValue(id, out var upload)) return Error(404, "NoSuchUpload");
        lock (upload.Parts) upload.Parts[number] = body;
        return new(200, [], ("ETag", $"\"part-{number}\""));
    }

    private async Task<WireAnswer> CompleteAsync(ObjectLocation location, string id)
    {
        if (_uploads.TryRemove(id, out var upload))
            _completed[id] = await objects.PutAsync(location, upload.Parts.Values.SelectMany(p => p).ToArray());
        if (!_completed.TryGetValue(id, out var stored)) return Error(404, "NoSuchUpload");   // S3 answers a repetition like the first
        return WireAnswer.Xml(200, $"<CompleteMultipartUploadResult><Bucket>{location.Bucket}</Bucket><Key>{location.Key}</Key>"
            + $"<ETag>{WebUtility.HtmlEncode(stored.ETag)}</ETag></CompleteMultipartUploadResult>");
    }

    private WireAnswer ListUploads(string bucket, string prefix)
    {
        var open = _uploads.Where(u => u.Value.Location.Bucket == bucket
            && u.Value.Location.Key.StartsWith(prefix, StringComparison.Ordinal));
        var uploads = open.Select(u => $"<Upload><Key>{u.Value.Location.Key}</Key><UploadId>{u.Key}</UploadId>"
            + "<Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>");
        return WireAnswer.Xml(200, $"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>{string.Concat(uploads)}"
            + "</ListMultipartUploadsResult>");
    }

    private static string Element(string name, string text) => $"<{name}>{WebUtility.HtmlEncode(text)}</{name}>";

    private static (string, string)[] HeadersOf(ObjectInfo info) =>
        [("ETag", info.ETag), ("Last-Modified", info.LastModified.UtcDateTime.ToString("r", CultureInfo.InvariantCulture))];

    private static (string Bucket, string Key, Dictionary<string, string> Query) PartsOf(WireRequest request)
    {
        var whole = request.Url.Split('?', 2);
        var path = Uri.UnescapeDataString(whole[0].TrimStart('/')).Split('/', 2);
        var query = whole.Length < 2 ? [] : whole[1].Split('&').Select(p => p.Split('=', 2))
            .ToDictionary(p => p[0], p => p.Length < 2 ? "" : Uri.UnescapeDataString(p[1]));
        return (path[0], path.Length < 2 ? "" : path[1], query);
    }

    private static bool IsChunked(WireRequest request) =>
        request.Header("X-Amz-Content-SHA256")?.StartsWith("STREAMING-", StringComparison.Ordinal) == true;

    /// <summary>
    /// The content of a body in signed chunks (Amazon S3 API, "Signature calculations: transferring payload in multiple chunks").
    /// </summary>
    private static byte[] Dechunked(byte[] body)
    {
        using var content = new MemoryStream();
        for (var at = 0; ;)
        {
            var end = Array.IndexOf(body, (byte)'\n', at);
            var length = int.Parse(
                Encoding.ASCII.GetString(body, at, end - at).Split(';')[0].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0) return content.ToArray();
            content.Write(body, end + 1, length);
            at = end + 1 + length + 2;
        }
    }

    [GeneratedRegex("<Key>(.*?)</Key>")]
    private static partial Regex Keys();
}
