#!/bin/sh
# Runs on images from the command line: drawn shapes and a file, killed and resumed, pictures, quality.
. "$(dirname "$0")/check.sh"

small="-s task.kind=images -s race.cast=uvit-dpa,uvit-cog -s task.side=8 -s model.dim=16 -s model.heads=2
       -s model.layers=3 -s train.batch=8 -s train.eval_windows=16 -s train.eval_every=20 --steps 60"
# The weights as they compute: a checkpoint's metadata hold seconds.
sees() { "$HEED" predict "$1" --image 3 --contestant uvit-cog --json | sed 's/.*"seen"//'; }

accept "shapes" "$HEED" sample images -n 6 -s task.side=8
holds "are pictures" grep -q '@@' "$scratch/out"
train() { "$HEED" train "$@" >"$scratch/out" 2>"$scratch/err"; }
holds "trains" train -o whole $small --threads 1
holds "tells the loss" grep -q 'uvit-cog .*loss 0\.[0-9]* +- 0\.[0-9]* n 16' "$scratch/err"
holds "trains by two threads" train -o two $small --threads 2
sees whole >one
sees two >other
holds "to the same bits" cmp one other

# --- killed at any moment ------------------------------------------------------------------------
i=0
while [ $i -lt 3 ]; do
    i=$((i + 1))
    rm -rf killed
    "$HEED" train -o killed $small --threads 1 -s train.checkpoint_seconds=0 >"$scratch/out" 2>"$scratch/err" &
    pid=$!
    until_true test -s killed/uvit-cog/checkpoint.safetensors
    sleep 0.$((i * 2))
    kill -9 $pid
    wait $pid 2>/dev/null
    holds "killed at $i, it goes on" train killed --resume
    sees killed >other
    holds "and ends in the same bits" cmp one other
done

# --- a file of images ------------------------------------------------------------------------------
# 30 images of 8 x 8: number i is grey i.
grey_idx() {
    printf '\000\000\010\003\000\000\000\036\000\000\000\010\000\000\000\010'
    n=0
    while [ $n -lt 30 ]; do
        n=$((n + 1))
        eight=$(printf '\\%03o%.0s' $((n * 8)) 1 $((n * 8)) 2 $((n * 8)) 3 $((n * 8)) 4)
        printf "$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight$eight"
    done
}
grey_idx >images.idx
holds "an IDX file" test "$(wc -c <images.idx)" -eq 1936
{
    printf '\000\000\010\001\000\000\000\036'
    printf '\000\001\002%.0s' 1 2 3 4 5 6 7 8 9 10
} >labels.idx
file="-s task.kind=images -s race.cast=uvit-dpa -s task.file=images.idx -s task.labels=labels.idx
      -s model.dim=8 -s model.heads=2 -s train.batch=4 -s train.eval_windows=8 --threads 1"
holds "trains on a file" train -o filed $file --steps 6
holds "whose side it takes" grep -q '^side = 8$' filed/config.ini
holds "and which it keeps" cmp images.idx filed/images.idx
holds "with the labels" cmp labels.idx filed/labels.idx
holds "and their digest" grep -q '^labels_digest = 38-' filed/config.ini
mv images.idx moved.idx
mv labels.idx moved-labels.idx
holds "it goes on when the files have gone" train filed --resume
accept "and is measured" "$HEED" eval filed --samples 3 -n 8
holds "with the classifier that needs the labels" grep -q 'distance of 3 samples' "$scratch/out"
mv moved.idx images.idx
mv moved-labels.idx labels.idx
cp filed/labels.idx kept.idx
printf '\000' | dd of=filed/labels.idx bs=1 seek=10 conv=notrunc 2>/dev/null
refuse "other labels than it began with" 1 'labels.idx: is another file than when the run began (task.labels_digest 38-' \
    "$HEED" eval filed --samples 3 -n 8
mv kept.idx filed/labels.idx
head -c 1900 images.idx >short.idx
printf 'hello, here is a text' >text.idx
gzip -c images.idx >packed.idx
tail -c +1 labels.idx | head -c 30 >fewer.idx
bad() { # name words setting
    refuse "$1" "$2" "$3" "$HEED" train -o none $file --steps 6 -s "$4"
}
bad "a file that ends early" 1 'short.idx: is 1900 bytes long, its header promises 1936' task.file=short.idx
bad "a text" 1 'text.idx: is no IDX file' task.file=text.idx
bad "a packed file" 1 'packed.idx: is compressed: unpack it' task.file=packed.idx
bad "labels as images" 1 'labels.idx: has 1 dimension, images have 3' task.file=labels.idx
bad "images as labels" 1 'images.idx: has 3 dimensions, labels have 1' task.labels=images.idx
bad "too few labels" 1 'fewer.idx: is 30 bytes long' task.labels=fewer.idx
bad "no file" 1 'nothing.idx' task.file=nothing.idx
bad "another side" 2 'task.side: the images in images.idx are 8 pixels wide, not 10' task.side=10
bad "a patch that does not fit" 2 'model.patch: patches of 3 pixels do not fill the 8' model.patch=3
bad "too few patches" 2 'model.patch: 4 makes 4 patches of an image of side 8, fewer than 7' model.patch=4
bad "a position on a line" 2 'model.position: rope and alibi' model.position=rope
bad "a model of symbols" 2 'reads symbols, task images has none' race.cast=lstm
refuse "images for symbols" 2 'reads images, task iarc has symbols' "$HEED" train -o none -s race.cast=uvit-dpa --steps 5

# --- pictures ----------------------------------------------------------------------------------------
accept "a PNG" "$HEED" sample whole -n 5 --denoise 3 -o grid.png
holds "of two blocks of 3 x 2 images, 4 points a pixel" test "$(od -An -tx1 -j16 -N8 grid.png | tr -d ' \n')" = 000000f00000004c
accept "an SVG" "$HEED" sample whole -n 5 --denoise 3 -o grid.svg
holds "that is one" grep -q '^</svg>' grid.svg
accept "a text" "$HEED" sample whole -n 2 --denoise 3 -o grid.txt --contestant uvit-cog
holds "of one contestant" test "$(grep -c '^uvit' grid.txt)" -eq 1
accept "the same noise" "$HEED" sample whole -n 2 --denoise 3 --contestant uvit-cog
holds "gives the same images" cmp grid.txt "$scratch/out"
accept "other noise" "$HEED" sample whole -n 2 --denoise 3 --contestant uvit-cog --seed 2
holds "gives others" sh -c "! cmp -s grid.txt '$scratch/out'"
refuse "a picture of no kind" 2 'end the name in .png, .svg or .txt' "$HEED" sample whole -o grid.gif
refuse "a prompt for images" 2 '--prompt: is of a run that writes symbols' "$HEED" sample whole --prompt I
refuse "tokens for images" 2 'predicts no symbols: ask it with --image 0' "$HEED" predict whole --tokens 1
refuse "accuracy of images" 2 'use --what loss' "$HEED" plot whole -o x.svg
accept "their loss" "$HEED" plot whole --what loss -o x.svg
holds "which is no cross-entropy" grep -q '>mean squared error of the noise<' x.svg
holds "of so many pixels" grep -q '>whole: images, [0-9]* × [0-9]*, seed' x.svg

# --- quality -----------------------------------------------------------------------------------------
accept "eval" "$HEED" eval whole --samples 40 -n 16
holds "tells the distance of samples, of images and of noise" grep -qE 'distance of 40 samples .*held-out images [0-9.]+, noise [0-9.]+' "$scratch/out"
accept "eval as JSON" "$HEED" eval whole --samples 0 -n 16 --json
holds "without samples no distance" grep -q '"frechet":null' "$scratch/out"
holds "eight levels of noise" grep -q '"levels_n":\[2,2,2,2,2,2,2,2\]' "$scratch/out"
accept "a file's quality" "$HEED" eval filed --samples 20 -n 8
holds "by no more images than are held out" grep -q 'distance of 3 samples' "$scratch/out"

# --- a checkpoint of another run ---------------------------------------------------------------------
"$HEED" train -o symbols $TINY -s race=transformer-dpa --steps 2 2>/dev/null
cp -r filed strange
cp symbols/transformer-dpa/checkpoint.safetensors strange/uvit-dpa/checkpoint.safetensors
for what in eval sample "predict --image 0"; do
    refuse "a checkpoint of symbols: $what" 1 'is of another run, with model.kind = transformer and not uvit' "$HEED" $what strange
done
cp -r symbols mixed
cp filed/uvit-dpa/checkpoint.safetensors mixed/transformer-dpa/checkpoint.safetensors
for what in eval sample "predict --tokens 1"; do
    refuse "a checkpoint of images: $what" 1 'is of another run' "$HEED" $what mixed
done
